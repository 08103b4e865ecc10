import { useRef } from 'react';
import { correctShipment } from '../../api/commands/shipments.ts';
import type { Shipment } from '../../api/queries/orders.ts';
import { useCommand } from '../../api/use-command.ts';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { useToasts } from '../../components/toast.tsx';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import { NumberAndCarrier } from './tracking-fields.tsx';
import { useTracking } from './use-tracking.ts';

interface CorrectShipmentProps {
  readonly shipment: Shipment;
  readonly onClose: () => void;
}

export function CorrectShipment({ shipment, onClose }: CorrectShipmentProps) {
  const words = useWords().order.shipments;
  const messageOf = useMessage();
  const { say } = useToasts();
  const correct = useCommand(correctShipment);
  const field = useRef<HTMLInputElement>(null);
  const tracking = useTracking({
    number: shipment.trackingNumber ?? '',
    name: shipment.carrierName ?? '',
    carrier: shipment.carrier ?? '',
  });
  const run = async () => {
    const body = await tracking.check();
    if (!body) return;
    const { error, data } = await correct.run({ id: shipment.id, key: tracking.keyOf(body), body });
    if (error) return;
    onClose();
    say(words.corrected, data.trackingNumber ?? undefined);
  };
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={words.correctTitle}
      description={words.correctHint}
      confirm={words.correctAction}
      cancel={words.correctCancel}
      isBusy={correct.isBusy || tracking.isChecking}
      onConfirm={() => void run()}
    >
      <NumberAndCarrier tracking={tracking} field={field} error={messageOf(correct.error)} onType={correct.reset} />
    </ConfirmDialog>
  );
}
