import { useState } from 'react';
import type { Outcomes } from '../../api/commands/attention.ts';
import type { Attention } from '../../api/queries/attention.ts';
import { Count } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Outcome } from '../../components/outcome.tsx';
import { ago } from '../../lib/format.ts';
import { useAccount } from '../../lib/use-account.ts';
import { useWords } from '../../words/use-words.tsx';
import { causeOf, hintOf, type Cause } from './causes.ts';
import { DecideAll } from './decide-all.tsx';
import { AttentionRows } from './rows.tsx';
import css from './attention.module.css';

interface CauseCardProps {
  readonly cause: Cause;
  readonly rows: readonly Attention[];
  /** All of the cause, not only an order's. */
  readonly hasAll: boolean;
  readonly onDecided: (ids: readonly string[]) => void;
  readonly children?: React.ReactNode;
}

/** All that waits for one cause: what to do, and each with its decisions. */
export function CauseCard({ cause, rows, hasAll, onDecided, children }: CauseCardProps) {
  const words = useWords().attention;
  const { may } = useAccount();
  const [outcomes, setOutcomes] = useState<readonly Named[]>();
  const title = causeOf(cause.code, words);
  const noteAll = (answer: Outcomes) => {
    setOutcomes(answer.map((one) => ({ ...one, name: nameOf(rows, one.id) })));
    onDecided(answer.flatMap(({ status, id }) => (status === 'ok' && id !== undefined ? [id] : [])));
  };
  return (
    <Card
      title={
        <span className="row">
          {title}
          <Count value={cause.count} isAlarm />
        </span>
      }
      aside={hasAll && cause.count > 1 && may('write') && <DecideAll cause={cause} rows={rows} onDecided={noteAll} />}
      isFlush
    >
      <p className={css['hint']}>
        {hintOf(cause, words)} {cause.count > 1 && <span className="muted">({words.oldest(ago(cause.since))})</span>}
      </p>
      {outcomes && (
        <div className={css['outcome']}>
          <AllDone outcomes={outcomes} onClose={() => setOutcomes(undefined)} />
        </div>
      )}
      {rows.length > 0 && <AttentionRows label={title} rows={rows} onDecided={(id) => onDecided([id])} />}
      {children}
    </Card>
  );
}

type Named = Outcomes[number] & { readonly name: string };

const nameOf = (rows: readonly Attention[], id: string | undefined): string => {
  const row = rows.find((one) => one.id === id);
  return row?.orderNumber ?? row?.sku ?? id ?? '';
};

function AllDone({ outcomes, onClose }: { readonly outcomes: readonly Named[]; readonly onClose: () => void }) {
  const words = useWords().attention;
  const failed = outcomes.filter(({ status }) => status === 'failed');
  return (
    <Outcome
      title={words.outcome(outcomes.length - failed.length, outcomes.length)}
      failed={failed.map(({ id, index, name, problem }) => ({
        key: id ?? String(index),
        name,
        reason: problem?.detail ?? problem?.title ?? '',
      }))}
      actions={
        <Button size="small" onClick={onClose}>
          {words.close}
        </Button>
      }
    />
  );
}
