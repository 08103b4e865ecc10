import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { CircleCheck } from 'lucide-react';
import { useEffect, useState } from 'react';
import { attentionGroupsQuery, attentionsQuery, type Attention } from '../api/queries/attention.ts';
import { rowsOf } from '../api/queries/pages.ts';
import { ButtonLink } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Pagination } from '../components/pagination.tsx';
import { Empty, Loaded, Skeleton } from '../components/states.tsx';
import { useAccountId } from '../lib/account-id.ts';
import { useWords } from '../words/use-words.tsx';
import { CauseCard } from './attention/cause-card.tsx';
import { causesOf, type Cause } from './attention/causes.ts';
import css from './attention/attention.module.css';

/** All that waits for a decision, by its cause. */
export function AttentionScreen() {
  const words = useWords().attention;
  const { q, code } = useSearch({ from: '/$account/attention' });
  return (
    <>
      <PageHead title={words.title} sub={words.sub} />
      <div className="stack">
        {(q !== undefined || code !== undefined) && <Narrowed q={q} />}
        {q === undefined ? <ByCause code={code} /> : <OfOrder q={q} />}
      </div>
    </>
  );
}

function Narrowed({ q }: { readonly q: string | undefined }) {
  const words = useWords().attention;
  const account = useAccountId();
  return (
    <div className="row">
      <span>{q === undefined ? words.onlyCause : words.onlyOrder(q)}</span>
      <ButtonLink size="small" look="quiet" to="/$account/attention" params={{ account }}>
        {words.showAll}
      </ButtonLink>
    </div>
  );
}

function ByCause({ code }: { readonly code: string | undefined }) {
  const words = useWords().attention;
  const query = useQuery(attentionGroupsQuery(useAccountId()));
  return (
    <Loaded query={query} skeleton={<Waiting />}>
      {({ data }) => {
        const causes = causesOf(data).filter((cause) => code === undefined || cause.code === code);
        return causes.length === 0 ? (
          <Nothing title={words.empty} hint={words.emptyHint} />
        ) : (
          causes.map((cause) => <OneCause key={cause.code} cause={cause} />)
        );
      }}
    </Loaded>
  );
}

const Waiting = () => (
  <Card isFlush>
    <Skeleton />
  </Card>
);

const Nothing = ({ title, hint }: { readonly title: string; readonly hint: string }) => (
  <Card isFlush>
    <Empty icon={<CircleCheck size={22} aria-hidden />} title={title}>
      {hint}
    </Empty>
  </Card>
);

function OneCause({ cause }: { readonly cause: Cause }) {
  const query = useInfiniteQuery(attentionsQuery(useAccountId(), { code: cause.code }));
  const { open, isDeciding, noteDecided } = useDecided(rowsOf(query.data));
  return (
    <CauseCard cause={cause} rows={open} hasAll onDecided={noteDecided}>
      {isDeciding && open.length === 0 ? <Deciding /> : <Loaded query={query}>{() => null}</Loaded>}
      <Pagination query={query} />
    </CauseCard>
  );
}

function OfOrder({ q }: { readonly q: string }) {
  const words = useWords().attention;
  const query = useInfiniteQuery(attentionsQuery(useAccountId(), { q }));
  const { open, isDeciding, noteDecided } = useDecided(rowsOf(query.data));
  return (
    <Loaded query={query} skeleton={<Waiting />}>
      {() => {
        if (open.length === 0 && isDeciding) return <Deciding />;
        if (open.length === 0) return <Nothing title={words.emptyFound(q)} hint={words.emptyFoundHint} />;
        const groups = open.map(({ code, since, hint, channelId, step }) => ({
          code,
          since,
          hint,
          count: 1,
          steps: [step],
          ...(channelId !== undefined && { channelId }),
        }));
        return causesOf(groups).map((cause) => (
          <CauseCard
            key={cause.code}
            cause={cause}
            rows={open.filter(({ code }) => code === cause.code)}
            hasAll={false}
            onDecided={noteDecided}
          />
        ));
      }}
    </Loaded>
  );
}

function Deciding() {
  const words = useWords().attention;
  return (
    <p className={css['deciding']} role="status">
      {words.deciding}
    </p>
  );
}

const askMs = 1_000;

/** A decision is carried out a moment later: until then its row is left out, and the page asks each second. */
function useDecided(rows: readonly Attention[]) {
  const account = useAccountId();
  const queries = useQueryClient();
  const [decided, setDecided] = useState<ReadonlySet<string>>(new Set());
  const isDeciding = rows.some(({ id }) => decided.has(id));
  useEffect(() => {
    if (!isDeciding) return;
    const ask = () => void queries.invalidateQueries({ queryKey: [account] });
    const timer = setInterval(() => !document.hidden && ask(), askMs);
    return () => {
      clearInterval(timer);
      // The counts beside the causes and the name of the page.
      ask();
    };
  }, [isDeciding, account, queries]);
  return {
    open: rows.filter(({ id }) => !decided.has(id)),
    isDeciding,
    noteDecided: (ids: readonly string[]) => setDecided((before) => new Set([...before, ...ids])),
  };
}
