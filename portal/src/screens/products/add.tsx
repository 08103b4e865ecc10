import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { createProduct } from '../../api/commands/products.ts';
import { useCommand } from '../../api/use-command.ts';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { Field, Input } from '../../components/field.tsx';
import { useToasts } from '../../components/toast.tsx';
import { useIntentKey } from '../../lib/intents.ts';
import { useAccount } from '../../lib/use-account.ts';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';

export function AddDialog({ onClose }: { readonly onClose: () => void }) {
  const words = useWords().products.adding;
  const { id: account } = useAccount();
  const navigate = useNavigate();
  const { say } = useToasts();
  const messageOf = useMessage();
  const create = useCommand(createProduct);
  const [sku, setSku] = useState('');
  const [name, setName] = useState('');
  const key = useIntentKey();
  const add = async () => {
    const body = { sku: sku.trim(), name: name.trim(), fulfillmentType: 'in_house' as const, suppliers: [] };
    const { data, error } = await create.run({ body, key: key.current() });
    if (error) return key.refused(error);
    say(words.done(data.sku));
    onClose();
    await navigate({ to: '/$account/products/$product', params: { account, product: data.id } });
  };
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={words.title}
      description={words.text}
      confirm={words.confirm}
      cancel={words.cancel}
      isBusy={create.isBusy}
      error={messageOf(create.error)}
      onConfirm={() => void add()}
    >
      <Field label={words.sku}>
        {(ids) => (
          <Input
            {...ids}
            required
            maxLength={200}
            autoComplete="off"
            value={sku}
            onChange={({ target }) => setSku(target.value)}
          />
        )}
      </Field>
      <Field label={words.name}>
        {(ids) => (
          <Input
            {...ids}
            required
            maxLength={500}
            autoComplete="off"
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
        )}
      </Field>
    </ConfirmDialog>
  );
}
