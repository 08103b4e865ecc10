import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { adjustLevel, type AdjustReason } from '../../api/commands/stock.ts';
import type { Level } from '../../api/queries/stock.ts';
import { useCommand } from '../../api/use-command.ts';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { Field, Input } from '../../components/field.tsx';
import { useAccountId } from '../../lib/account-id.ts';
import { useIntentKey } from '../../lib/intents.ts';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import { Why } from '../order/reasons.tsx';
import { showLevel } from './use-level.ts';

interface AdjustProps {
  readonly level: Level;
  /** What was typed already; 0 for nothing. */
  readonly by: number;
  readonly onClose: () => void;
}

const signed = (by: number): string => (by === 0 ? '' : by > 0 ? `+${by}` : String(by));

/** Units that came or went since the last count, with the reason. */
export function AdjustDialog({ level, by, onClose }: AdjustProps) {
  const account = useAccountId();
  const queries = useQueryClient();
  const words = useWords();
  const own = words.inventory.adjusting;
  const [text, setText] = useState(signed(by));
  const [reason, setReason] = useState<AdjustReason>(by < 0 ? 'damaged' : 'received');
  const [isTried, setTried] = useState(false);
  const key = useIntentKey();
  const messageOf = useMessage();
  const command = useCommand(adjustLevel);
  const trimmed = text.trim().replace('−', '-');
  const adjustBy = /^[+-]?\d{1,9}$/.test(trimmed) ? Number(trimmed) : 0;
  const confirm = async () => {
    setTried(true);
    if (adjustBy === 0) return;
    const { sku, warehouseId } = level;
    const { data } = await command.run({ sku, warehouseId, adjustBy, reason, key: key.current() });
    if (!data) return;
    await showLevel(queries, account, data);
    onClose();
  };
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={own.title(level.sku)}
      description={own.description(level.productName)}
      confirm={own.confirm}
      cancel={words.common.cancel}
      isBusy={command.isBusy}
      error={messageOf(command.error)}
      onConfirm={() => void confirm()}
    >
      <Field
        label={own.units}
        hint={adjustBy === 0 ? own.hint : own.result(level.physicalOnHand, level.physicalOnHand + adjustBy)}
        error={isTried && adjustBy === 0 ? own.wrong : undefined}
      >
        {(ids) => (
          <Input
            {...ids}
            autoComplete="off"
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              key.renew();
            }}
          />
        )}
      </Field>
      <Why
        label={own.reason}
        reasons={own.reasons}
        value={reason}
        onChange={(chosen) => {
          setReason(chosen);
          key.renew();
        }}
      />
    </ConfirmDialog>
  );
}
