import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Printer } from 'lucide-react';
import { useEffect, useState } from 'react';
import { markPrinted } from '../api/commands/slips.ts';
import { sessionQuery } from '../api/queries/session.ts';
import { slipsQuery } from '../api/queries/slips.ts';
import { useCommand } from '../api/use-command.ts';
import { Banner } from '../components/banner.tsx';
import { Button } from '../components/button.tsx';
import { Checkbox, Select } from '../components/field.tsx';
import { BackLink } from '../components/page-head.tsx';
import { Empty, Loaded } from '../components/states.tsx';
import { useToasts } from '../components/toast.tsx';
import { useIntentKey } from '../lib/intents.ts';
import { useAccount } from '../lib/use-account.ts';
import { useMessage } from '../lib/use-message.ts';
import { useWords } from '../words/use-words.tsx';
import { PickList } from './slips/pick-list.tsx';
import { Slip } from './slips/slip.tsx';
import css from './slips/slips.module.css';

const papers = ['a4', 'letter'] as const;
type Paper = (typeof papers)[number];
const lettersIn = /-(US|CA|MX|PH)$/;

/** Paper for the chosen orders. It has no prices, whatever crossed: the slip of a gift has none. */
export function SlipsScreen() {
  const words = useWords();
  const { account } = useParams({ from: '/$account/slips' });
  const { orders, pick } = useSearch({ from: '/$account/slips' });
  const navigate = useNavigate();
  const [paper, setPaper] = useState<Paper>(lettersIn.test(navigator.language) ? 'letter' : 'a4');
  const ids = [...new Set(orders.split('.').filter(Boolean))];
  const query = useQuery({ ...slipsQuery(account, ids), enabled: ids.length > 0 });
  const { name } = useAccount();
  useQuery(sessionQuery);
  useEffect(() => void (document.title = `${words.slips.title} · ${words.common.brand}`), [words]);
  const choosePick = (isChosen: boolean) =>
    void navigate({
      to: '/$account/slips',
      params: { account },
      search: { orders, ...(isChosen && { pick: '1' as const }) },
      replace: true,
    });
  return (
    <main className={css['page']}>
      <header className={css['bar']}>
        <BackLink to="/$account/orders" params={{ account }}>
          {words.frame.orders}
        </BackLink>
        <h1 className={css['title']}>{words.slips.title}</h1>
        <Select
          controlSize="small"
          aria-label={words.slips.paper}
          value={paper}
          options={papers.map((one) => [one, words.slips.papers[one]])}
          onChange={({ currentTarget }) => setPaper(currentTarget.value === 'letter' ? 'letter' : 'a4')}
        />
        <Checkbox
          label={words.slips.pickFirst}
          checked={pick === '1'}
          onChange={({ currentTarget }) => choosePick(currentTarget.checked)}
        />
        <Print ids={query.data?.map(({ id }) => id) ?? []} />
      </header>
      {ids.length === 0 ? (
        <Empty icon={<Printer size={22} aria-hidden />} title={words.slips.none}>
          {words.slips.noneHint}
        </Empty>
      ) : (
        <Loaded query={query}>
          {(found) => (
            <div className={css[paper]}>
              {found.length < ids.length && (
                <div className={css['missing']}>
                  <Banner title={words.slips.missing(ids.length - found.length)} />
                </div>
              )}
              {pick === '1' && <PickList orders={found} />}
              {found.map((order) => (
                <Slip key={order.id} order={order} ownName={name} />
              ))}
            </div>
          )}
        </Loaded>
      )}
    </main>
  );
}

function Print({ ids }: { readonly ids: readonly string[] }) {
  const words = useWords().slips;
  const { may } = useAccount();
  const { complain } = useToasts();
  const messageOf = useMessage();
  const { run } = useCommand(markPrinted);
  const key = useIntentKey();
  // The browser does not say whether paper came out, so what counts is that somebody asked for it.
  const print = async () => {
    window.print();
    if (!may('ship')) return;
    const { error } = await run({ key: key.current(), orders: ids });
    key.renew();
    if (error) complain(words.notMarked, messageOf(error));
  };
  return (
    <Button look="primary" disabled={ids.length === 0} onClick={() => void print()}>
      <Printer size={16} aria-hidden />
      {words.print(ids.length)}
    </Button>
  );
}
