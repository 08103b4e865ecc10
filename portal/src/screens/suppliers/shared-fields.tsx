import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Supplier } from '../../../../clients/typescript/src/index.ts';
import { updateSupplier } from '../../api/commands/suppliers.ts';
import { supplierQuery } from '../../api/queries/suppliers.ts';
import { useCommand } from '../../api/use-command.ts';
import { Card } from '../../components/card.tsx';
import { Spinner } from '../../components/button.tsx';
import { Switch } from '../../components/field.tsx';
import { useToasts } from '../../components/toast.tsx';
import { money } from '../../lib/format.ts';
import { useAccount } from '../../lib/use-account.ts';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import { shareableFields, type SharedField } from './shared.ts';
import css from './supplier.module.css';

const price = { amount: 2400, currency: 'USD' };
const cost = { amount: 950, currency: 'USD' };

/** What crosses besides what always does: a switch each, with an example. A switch is stored at once. */
export function SharedFields({ supplier }: { readonly supplier: Supplier }) {
  const words = useWords().suppliers.shared;
  const { id: account, may } = useAccount();
  const { say, complain } = useToasts();
  const messageOf = useMessage();
  const queries = useQueryClient();
  const update = useCommand(updateSupplier);
  const [pressed, setPressed] = useState<SharedField>();
  const { id, name, status, sharedFields } = supplier;
  const canChange = may('write') && status !== 'ended';
  const press = async (field: SharedField, isOn: boolean) => {
    // One at a time: each change sends the whole list.
    if (update.isBusy) return;
    setPressed(field);
    const change = shareableFields.filter((one) => (one === field ? isOn : sharedFields.includes(one)));
    const { data, error } = await update.run({ id, change: { sharedFields: change } });
    if (error) return complain(messageOf(error) ?? '');
    // The next press must not send the list of before, which may share what was just switched off.
    queries.setQueryData(supplierQuery(account, id).queryKey, data);
    say((isOn ? words.on : words.off)(words.fields[field], name));
  };
  const examples: Readonly<Record<SharedField, string>> = {
    ...words.examples,
    prices: words.examples.prices(money(price)),
    costs: words.examples.costs(money(cost)),
  };
  return (
    <Card title={words.title} aside={update.isBusy && pressed ? <Spinner label={words.fields[pressed]} /> : null}>
      <div className={css['basics']}>
        <p>{words.always}</p>
        <p>{words.never}</p>
      </div>
      <div className={css['fields']}>
        <p>{words.also}</p>
        {shareableFields.map((field) => (
          <Switch
            key={field}
            label={words.fields[field]}
            hint={words.example(examples[field])}
            checked={sharedFields.includes(field)}
            disabled={!canChange}
            onChange={({ target }) => void press(field, target.checked)}
          />
        ))}
      </div>
    </Card>
  );
}
