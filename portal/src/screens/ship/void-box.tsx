import { Undo2 } from 'lucide-react';
import { useState, type RefObject } from 'react';
import { voidShipment } from '../../api/commands/shipments.ts';
import { useCommand } from '../../api/use-command.ts';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { useIntentKey } from '../../lib/intents.ts';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import { Why } from '../order/reasons.tsx';
import type { Done } from './line-state.ts';

interface VoidProps {
  readonly box: Done & { readonly kind: 'shipped' };
  readonly field: RefObject<HTMLInputElement | null>;
  readonly onVoided: () => void;
}

/** Takes the last box back. */
export function VoidBox({ box: { shipment, order }, field, onVoided }: VoidProps) {
  const words = useWords().ship;
  const [isOpen, open] = useState(false);
  const [reason, setReason] = useState<keyof typeof words.voidReasons>('not_sent');
  const key = useIntentKey();
  const messageOf = useMessage();
  const command = useCommand(voidShipment);
  const confirm = async () => {
    const { data } = await command.run({ id: shipment.id, key: key.current(), body: { reason } });
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
        <Why
          label={words.voidReason}
          reasons={words.voidReasons}
          value={reason}
          onChange={(chosen) => {
            setReason(chosen);
            // Another reason is another request.
            key.renew();
          }}
        />
      </ConfirmDialog>
    </>
  );
}
