import { useState } from 'react';
import { resolveAttention, type Decision } from '../../api/commands/attention.ts';
import type { Attention, AttentionAction } from '../../api/queries/attention.ts';
import { useCommand } from '../../api/use-command.ts';
import { Button } from '../../components/button.tsx';
import { useToasts } from '../../components/toast.tsx';
import { useIntentKey } from '../../lib/intents.ts';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import { actionOf, followsOf } from './causes.ts';
import { DecideDialog } from './decide-dialog.tsx';
import { RelinkChoice } from './relink-choice.tsx';

interface DecideOneProps {
  readonly attention: Attention;
  /** What it is about, as people call it: an order's number, a SKU. */
  readonly subject: string;
  readonly onDecided: (id: string) => void;
}

/** A button for each decision that the service takes. */
export function DecideOne(props: DecideOneProps) {
  const { attention, subject } = props;
  const words = useWords().attention;
  const [action, choose] = useState<AttentionAction>();
  return (
    <>
      {attention.actions.map((one, index) => {
        const verb = actionOf(one, [attention.step], words);
        return (
          <Button
            key={one}
            size="small"
            look={index === 0 ? 'plain' : 'quiet'}
            aria-label={words.actionFor(verb, subject)}
            onClick={() => choose(one)}
          >
            {verb}
          </Button>
        );
      })}
      {action && <OneDialog {...props} action={action} onClose={() => choose(undefined)} />}
    </>
  );
}

interface OneDialogProps extends DecideOneProps {
  readonly action: AttentionAction;
  readonly onClose: () => void;
}

function OneDialog({ attention, subject, action, onDecided, onClose }: OneDialogProps) {
  const words = useWords().attention;
  const messageOf = useMessage();
  const { say, complain } = useToasts();
  const resolve = useCommand(resolveAttention);
  const key = useIntentKey();
  const [productId, setProductId] = useState<string>();
  const verb = actionOf(action, [attention.step], words);
  const decide = async (decision: Decision) => {
    const body = { ...decision, ...(action === 'relink' && productId !== undefined && { productId }) };
    const { error } = await resolve.run({ id: attention.id, key: key.current(), body });
    if (error && error.code !== 'attention_not_found') return key.refused(error);
    onClose();
    onDecided(attention.id);
    if (error) complain(words.tooLate);
    else say(words.done, words.doneOf(subject, verb));
  };
  return (
    <DecideDialog
      action={action}
      title={verb}
      description={followsOf(action, [attention.step], words)}
      isBusy={resolve.isBusy}
      error={messageOf(resolve.error)}
      onDecide={(decision) => void decide(decision)}
      onClose={onClose}
    >
      {action === 'relink' && (
        <RelinkChoice
          sku={attention.sku ?? ''}
          value={productId}
          onChange={(id) => {
            setProductId(id);
            key.renew();
          }}
        />
      )}
    </DecideDialog>
  );
}
