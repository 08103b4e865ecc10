import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { CircleCheck } from 'lucide-react';
import { useState } from 'react';
import type { Outcome as RetryOutcome } from '../../api/commands/support.ts';
import type { Attention } from '../../api/queries/attention.ts';
import { rowsOf } from '../../api/queries/pages.ts';
import { allAttentionsQuery, allGroupsQuery } from '../../api/queries/support.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Outcome } from '../../components/outcome.tsx';
import { Pagination } from '../../components/pagination.tsx';
import { Empty, Loaded } from '../../components/states.tsx';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import { SupportFilters } from './filters.tsx';
import { RetryChosen } from './retry-chosen.tsx';
import { AttentionRows, subjectOf } from './rows.tsx';
import css from './support.module.css';

const hourMs = 3_600_000;
const agesMs = { '1h': hourMs, '1d': 24 * hourMs, '3d': 72 * hourMs };

/** What waits in all accounts; steps can be tried again, one or many. */
export function AllAttentions() {
  const words = useWords().support;
  const { account, code, age } = useSearch({ from: '/support' });
  const groups = useQuery(allGroupsQuery);
  const known = groups.data?.data.find((group) => group.code === code);
  const query = useInfiniteQuery({
    ...allAttentionsQuery({
      ...(account !== undefined && { accountId: account }),
      ...(known && { code: known.code }),
      ...(age && { waitsMs: agesMs[age] }),
    }),
    // A cause in the address is known once the groups are here.
    enabled: code === undefined || groups.data !== undefined,
  });
  const rows = rowsOf(query.data);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [outcomes, setOutcomes] = useState<Outcomes>();
  const chosenRows = rows.filter(({ id }) => chosen.has(id));
  return (
    <Card title={words.attention} isFlush>
      <SupportFilters groups={groups.data?.data ?? []} />
      {outcomes && (
        <div className={css['outcome']}>
          <Tried outcomes={outcomes} onClose={() => setOutcomes(undefined)} />
        </div>
      )}
      <Loaded query={query}>
        {() =>
          rows.length === 0 ? (
            <Empty icon={<CircleCheck size={22} aria-hidden />} title={words.empty}>
              {words.emptyHint}
            </Empty>
          ) : (
            <AttentionRows rows={rows} chosen={chosen} onChoose={setChosen} />
          )
        }
      </Loaded>
      <Pagination query={query} />
      {chosenRows.length > 0 && (
        <RetryChosen
          rows={chosenRows}
          onClear={() => setChosen(new Set())}
          onDone={(done) => {
            setOutcomes({ done, rows: chosenRows });
            setChosen(new Set());
          }}
        />
      )}
    </Card>
  );
}

interface Outcomes {
  readonly done: readonly RetryOutcome[];
  readonly rows: readonly Attention[];
}

function Tried({ outcomes: { done, rows }, onClose }: { readonly outcomes: Outcomes; readonly onClose: () => void }) {
  const words = useWords().attention;
  const messageOf = useMessage();
  const failed = done.filter(({ error }) => error !== undefined);
  return (
    <Outcome
      title={words.outcome(done.length - failed.length, done.length)}
      failed={failed.map(({ id, error }) => {
        const row = rows.find((one) => one.id === id);
        return { key: id, name: row ? subjectOf(row) : id, reason: messageOf(error) };
      })}
      actions={
        <Button size="small" onClick={onClose}>
          {words.close}
        </Button>
      }
    />
  );
}
