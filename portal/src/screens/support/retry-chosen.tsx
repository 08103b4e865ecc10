import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { resolveChosen, type Outcome } from '../../api/commands/support.ts';
import type { Attention } from '../../api/queries/attention.ts';
import { supportKey } from '../../api/queries/support.ts';
import { useRun } from '../../api/run.ts';
import { Button } from '../../components/button.tsx';
import { useIntentKey } from '../../lib/intents.ts';
import { useWords } from '../../words/use-words.tsx';
import { DecideDialog } from '../attention/decide-dialog.tsx';
import { ChosenBar } from '../products/chosen-bar.tsx';

interface RetryChosenProps {
  readonly rows: readonly Attention[];
  readonly onClear: () => void;
  readonly onDone: (outcomes: readonly Outcome[]) => void;
}

/** The bar of the chosen: all of them are tried again, each with its outcome. */
export function RetryChosen({ rows, onClear, onDone }: RetryChosenProps) {
  const words = useWords().support;
  const queries = useQueryClient();
  const refresh = useCallback(() => void queries.invalidateQueries({ queryKey: supportKey }), [queries]);
  const retry = useRun(resolveChosen, refresh);
  const key = useIntentKey();
  const [isAsked, ask] = useState(false);
  return (
    <>
      <ChosenBar label={words.chosen(rows.length)} text={words.chosen(rows.length)}>
        <Button size="small" onClick={() => ask(true)}>
          {words.retry(rows.length)}
        </Button>
        <Button size="small" onClick={onClear}>
          {words.clear}
        </Button>
      </ChosenBar>
      {isAsked && (
        <DecideDialog
          action="retry"
          title={words.retry(rows.length)}
          description={words.retryText}
          isBusy={retry.isBusy}
          error={undefined}
          onClose={() => ask(false)}
          onDecide={(decision) =>
            void retry.run({ ids: rows.map(({ id }) => id), key: key.current(), decision }).then(({ data }) => {
              key.renew();
              if (data) onDone(data);
            })
          }
        />
      )}
    </>
  );
}
