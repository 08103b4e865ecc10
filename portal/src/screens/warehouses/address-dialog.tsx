import { useState } from 'react';
import { changeWarehouse } from '../../api/commands/stock.ts';
import type { Warehouse } from '../../api/queries/stock.ts';
import { useCommand } from '../../api/use-command.ts';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { useToasts } from '../../components/toast.tsx';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import { addressFaults, AddressFields, addressOf, typedOf } from '../address-fields.tsx';

interface AddressDialogProps {
  readonly warehouse: Warehouse;
  readonly onClose: () => void;
}

export function AddressDialog({ warehouse: { id, name, address }, onClose }: AddressDialogProps) {
  const words = useWords().labels.warehouses;
  const { say } = useToasts();
  const messageOf = useMessage();
  const change = useCommand(changeWarehouse);
  const [typed, setTyped] = useState(() => typedOf(address));
  const confirm = async () => {
    const { data } = await change.run({ id, change: { address: addressOf(typed) } });
    if (!data) return;
    say(words.saved(name));
    onClose();
  };
  const faults = addressFaults(change.error, '/address');
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={words.dialogTitle(name)}
      confirm={words.save}
      cancel={words.cancel}
      isBusy={change.isBusy}
      error={faults.size > 0 ? undefined : messageOf(change.error)}
      onConfirm={() => void confirm()}
    >
      <AddressFields typed={typed} faults={faults} onChange={setTyped} />
    </ConfirmDialog>
  );
}
