import { useState } from 'react';
import { resolveAll, type Decision, type Outcomes } from '../../api/commands/attention.ts';
import type { Attention, AttentionAction } from '../../api/queries/attention.ts';
import { useCommand } from '../../api/use-command.ts';
import { Button } from '../../components/button.tsx';
import { count } from '../../lib/format.ts';
import { useIntentKey } from '../../lib/intents.ts';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import { actionOf, commonActions, followsOf, stepsOf, type Cause } from './causes.ts';
import { DecideDialog } from './decide-dialog.tsx';

interface DecideAllProps {
  readonly cause: Cause;
  /** Those on screen: they show what can be decided about all. */
  readonly rows: readonly Attention[];
  readonly onDecided: (outcomes: Outcomes) => void;
}

/** A button for each decision that all of a cause take. */
export function DecideAll({ cause, rows, onDecided }: DecideAllProps) {
  const words = useWords().attention;
  const messageOf = useMessage();
  const resolve = useCommand(resolveAll);
  const key = useIntentKey();
  const [action, choose] = useState<AttentionAction>();
  const steps = stepsOf(rows);
  // Another product is chosen for one listing.
  const actions = commonActions(rows).filter((one) => one !== 'relink');
  const decide = async (decision: Decision) => {
    const { data, error } = await resolve.run({ code: cause.code, key: key.current(), decision });
    if (error) return key.refused(error);
    key.renew();
    choose(undefined);
    onDecided(data);
  };
  return (
    <span className="row">
      {actions.map((one) => (
        <Button key={one} size="small" onClick={() => choose(one)}>
          {words.all(actionOf(one, steps, words), count(cause.count))}
        </Button>
      ))}
      {action && (
        <DecideDialog
          action={action}
          title={words.all(actionOf(action, steps, words), count(cause.count))}
          description={`${words.dialogAll(cause.count)} ${followsOf(action, steps, words)}`}
          isBusy={resolve.isBusy}
          error={messageOf(resolve.error)}
          onDecide={(decision) => void decide(decision)}
          onClose={() => {
            choose(undefined);
            resolve.reset();
          }}
        />
      )}
    </span>
  );
}
