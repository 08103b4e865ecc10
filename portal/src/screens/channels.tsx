import { useQuery } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { Plus, Store } from 'lucide-react';
import { channelsQuery, type Channel } from '../api/queries/channels.ts';
import { ButtonLink } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Empty, Loaded } from '../components/states.tsx';
import { Cards, cell, Table } from '../components/table.tsx';
import { useAccount } from '../lib/use-account.ts';
import { useWords } from '../words/use-words.tsx';
import { Health } from './channels/health.tsx';
import { addressOf, isShop, type ShopKind } from './channels/kinds.ts';
import { SetUp } from './channels/set-up.tsx';

type Shop = Channel & { readonly kind: ShopKind };

/** The shops of the account. Portals are on the pages of the merchants. */
export function ChannelsScreen() {
  const { add } = useSearch({ from: '/$account/channels' });
  const { may } = useAccount();
  return add === '1' && may('admin') ? <SetUp /> : <ShopList />;
}

function ShopList() {
  const words = useWords().channels;
  const { id: account, may } = useAccount();
  const query = useQuery(channelsQuery(account));
  const add = may('admin') && (
    <ButtonLink look="primary" to="/$account/channels" params={{ account }} search={{ add: '1' }}>
      <Plus size={16} aria-hidden />
      {words.add}
    </ButtonLink>
  );
  return (
    <>
      <PageHead title={words.title} sub={words.sub} actions={add} />
      <Card isFlush>
        <Loaded query={query}>
          {({ data }) => {
            const shops = data.filter(isShop);
            if (shops.length > 0) return <Shops shops={shops} />;
            return (
              <Empty icon={<Store size={22} aria-hidden />} title={words.empty} action={add}>
                {words.emptyHint}
              </Empty>
            );
          }}
        </Loaded>
      </Card>
    </>
  );
}

function Shops({ shops }: { readonly shops: readonly Shop[] }) {
  const words = useWords().channels;
  const { id: account } = useAccount();
  const name = (shop: Shop) => (
    <Link className={cell.key} to="/$account/channels/$channel" params={{ account, channel: shop.id }}>
      {shop.name}
    </Link>
  );
  const address = (shop: Shop) => addressOf(shop) ?? <span className="muted">{words.noAddress}</span>;
  return (
    <>
      <Table label={words.title} hasCards>
        <thead>
          <tr>
            <th scope="col">{words.columns.name}</th>
            <th scope="col">{words.columns.kind}</th>
            <th scope="col">{words.columns.address}</th>
            <th scope="col">{words.columns.health}</th>
          </tr>
        </thead>
        <tbody>
          {shops.map((shop) => (
            <tr key={shop.id}>
              <th scope="row">{name(shop)}</th>
              <td>{words.kinds[shop.kind]}</td>
              <td>{address(shop)}</td>
              <td>
                <Health channel={shop} />
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
      <Cards label={words.title}>
        {shops.map((shop) => (
          <li key={shop.id}>
            {name(shop)}
            <Health channel={shop} />
            <p>{words.kinds[shop.kind]}</p>
            <p>{address(shop)}</p>
          </li>
        ))}
      </Cards>
    </>
  );
}
