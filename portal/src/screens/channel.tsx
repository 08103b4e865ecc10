import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { ShieldCheck } from 'lucide-react';
import { useState } from 'react';
import { checkChannel } from '../api/commands/channels.ts';
import { channelKindsQuery, type ChannelKind } from '../api/queries/channel-kinds.ts';
import { channelQuery, type Channel, type ChannelCheck } from '../api/queries/channels.ts';
import { useCommand } from '../api/use-command.ts';
import { Banner } from '../components/banner.tsx';
import { Button, ButtonLink } from '../components/button.tsx';
import { Card, Facts } from '../components/card.tsx';
import { Copy } from '../components/copy.tsx';
import { BackLink, PageHead } from '../components/page-head.tsx';
import { Loaded, NotFound } from '../components/states.tsx';
import { causeOf } from '../frame/task-line.tsx';
import { ago, date } from '../lib/format.ts';
import { useAccount } from '../lib/use-account.ts';
import { useWords } from '../words/use-words.tsx';
import { ChangeShop } from './channels/change-shop.tsx';
import { CheckResult } from './channels/check-result.tsx';
import { Health } from './channels/health.tsx';
import { addressOf, isShop, type ShopKind } from './channels/kinds.ts';
import { LocationChoice } from './channels/location-choice.tsx';
import { RemoveShop } from './channels/remove-shop.tsx';
import { CancelsCard, SchedulesCard } from './schedules/schedules-card.tsx';
import css from './channels/channels.module.css';

type Shop = Channel & { readonly kind: ShopKind };

export function ChannelScreen() {
  const { id: account } = useAccount();
  const { channel: id } = useParams({ from: '/$account/channels/$channel' });
  const query = useQuery(channelQuery(account, id));
  // A portal has a page at its merchant.
  return <Loaded query={query}>{(channel) => (isShop(channel) ? <ShopPage shop={channel} /> : <NotFound />)}</Loaded>;
}

function ShopPage({ shop }: { readonly shop: Shop }) {
  const words = useWords();
  const { one, kinds } = words.channels;
  const { id: account, may } = useAccount();
  const { name, health, createdAt } = shop;
  const address = addressOf(shop);
  const kind = useKind(shop);
  return (
    <>
      <PageHead
        back={
          <BackLink to="/$account/channels" params={{ account }}>
            {one.back}
          </BackLink>
        }
        title={name}
        badge={<Health channel={shop} />}
        sub={address === undefined ? kinds[shop.kind] : `${kinds[shop.kind]}, ${address}`}
        actions={may('admin') && <RemoveShop shop={shop} />}
      />
      <div className="stack">
        {health.status !== 'ok' && (
          <Banner
            tone={health.status === 'unauthorized' ? 'red' : 'amber'}
            title={causeOf(health.code, words.activity)}
          >
            {one.isFailing(ago(health.since))}
          </Banner>
        )}
        <div className={css['columns']}>
          <div className="stack">
            <SchedulesCard channel={shop} />
            <CancelsCard channel={shop} />
          </div>
          <div className="stack">
            <Card
              title={one.details}
              footer={
                <div className="row">
                  <ButtonLink
                    size="small"
                    to="/$account/orders"
                    params={{ account }}
                    search={{ view: 'all', channel: shop.id }}
                  >
                    {one.orders}
                  </ButtonLink>
                  {kind?.takesPosts && <Copy text={shop.id} label={one.copyId} />}
                  {may('admin') && <ChangeShop shop={shop} />}
                </div>
              }
            >
              <Facts
                facts={[
                  [one.kind, kinds[shop.kind]],
                  [one.address, address],
                  [one.location, shop.settings.stockLocationId],
                  [one.since, date(createdAt)],
                  [one.id, kind?.takesPosts && <span className="mono">{shop.id}</span>],
                ]}
              />
            </Card>
            {may('write') && address !== undefined && <CheckCard shop={shop} />}
          </div>
        </div>
      </div>
    </>
  );
}

/** Undefined until it is here. */
function useKind({ kind }: Shop): ChannelKind | undefined {
  const { data } = useQuery(channelKindsQuery(useAccount().id));
  return data?.find((one) => one.kind === kind);
}

function CheckCard({ shop }: { readonly shop: Shop }) {
  const { one, check: words } = useWords().channels;
  const { may } = useAccount();
  const { run, isBusy, error } = useCommand(checkChannel);
  const [check, setCheck] = useState<ChannelCheck>();
  const kind = useKind(shop);
  const press = async () => setCheck((await run(shop.id)).data);
  return (
    <Card
      title={one.checkTitle}
      aside={
        <Button size="small" isBusy={isBusy} onClick={() => void press()}>
          {!isBusy && <ShieldCheck size={15} aria-hidden />}
          {one.check}
        </Button>
      }
    >
      {check || error ? (
        <div className="stack">
          <CheckResult kind={kind} check={check} error={error} />
          {check && may('admin') && (
            <LocationChoice channel={shop} locations={check.locations} onChange={() => undefined} />
          )}
        </div>
      ) : (
        <p className="muted">{words.before}</p>
      )}
    </Card>
  );
}
