import { Undo2 } from 'lucide-react';
import { useState, type RefObject } from 'react';
import { voidBox, type VoidOfBox } from '../../api/commands/scan.ts';
import { useCommand } from '../../api/use-command.ts';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { Field, Select } from '../../components/field.tsx';
import { useIntentKey } from '../../lib/intents.ts';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import type { Done } from './line-state.ts';

const reasons = ['not_sent', 'wrong_order', 'duplicate', 'other'] as const;

interface VoidProps {
  readonly box: Done & { readonly kind: 'shipped' };
  readonly field: RefObject<HTMLInputElement | null>;
  readonly onVoided: () => void;
}

/** Takes the last box back. */
export function VoidBox({ box: { shipment, order }, field, onVoided }: VoidProps) {
  const words = useWords().ship;
  const [isOpen, open] = useState(false);
  const [reason, setReason] = useState<VoidOfBox['reason']>('not_sent');
  const key = useIntentKey();
  const messageOf = useMessage();
  const command = useCommand(voidBox);
  const confirm = async () => {
    const { data } = await command.run({ shipment: shipment.id, key: key.current(), reason });
    if (!data) return;
    key.renew();
    open(false);
    onVoided();
  };
  const close = () => {
    open(false);
    command.reset();
  };
  return (
    <>
      <div>
        <Button size="small" look="quiet" onClick={() => open(true)}>
          <Undo2 size={15} aria-hidden />
          {words.void}
        </Button>
      </div>
      <ConfirmDialog
        isOpen={isOpen}
        onClose={close}
        finalFocus={field}
        title={words.voidTitle(order.number)}
        description={words.voidText(shipment.trackingNumber ?? '')}
        confirm={words.void}
        cancel={words.voidKeep}
        look="danger"
        isBusy={command.isBusy}
        error={messageOf(command.error)}
        onConfirm={() => void confirm()}
      >
        <Field label={words.voidReason}>
          {(ids) => (
            <Select
              {...ids}
              value={reason}
              onChange={({ target }) => {
                setReason(reasons.find((one) => one === target.value) ?? 'other');
                // Another reason is another request.
                key.renew();
              }}
              options={reasons.map((one) => [one, words.voidReasons[one]] as const)}
            />
          )}
        </Field>
      </ConfirmDialog>
    </>
  );
}
