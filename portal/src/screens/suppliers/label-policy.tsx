import { useQuery } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import type { Supplier } from '../../../../clients/typescript/src/index.ts';
import { updateSupplier } from '../../api/commands/suppliers.ts';
import { labelAccountsQuery } from '../../api/queries/label-accounts.ts';
import { useCommand } from '../../api/use-command.ts';
import { Banner } from '../../components/banner.tsx';
import { Button, ButtonLink } from '../../components/button.tsx';
import { Card, Facts } from '../../components/card.tsx';
import { Field, Input, Radio, Select, Textarea } from '../../components/field.tsx';
import { useToasts } from '../../components/toast.tsx';
import { amountText, minorOf } from '../../lib/amounts.ts';
import { money } from '../../lib/format.ts';
import { useAccount } from '../../lib/use-account.ts';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import css from './supplier.module.css';

type Policy = Supplier['labelPolicy'];
const policies = ['supplier_pays', 'merchant_pays', 'supplier_choice'] as const satisfies readonly Policy[];

/** Who pays the labels of this supplier, and within which limits. Only an admin lends. */
export function LabelPolicy({ supplier }: { readonly supplier: Supplier }) {
  const words = useWords().labels.policy;
  const { may } = useAccount();
  return (
    <Card title={words.title}>
      {may('admin') && supplier.status !== 'ended' ? (
        <PolicyForm supplier={supplier} />
      ) : (
        <Facts
          facts={[
            [words.policies[supplier.labelPolicy], words.hints[supplier.labelPolicy]],
            [words.maxCost, supplier.maxLabelCost && money(supplier.maxLabelCost)],
          ]}
        />
      )}
    </Card>
  );
}

/** What is typed. `services`: one a line. */
interface Draft {
  readonly policy: Policy;
  readonly account: string;
  readonly services: string;
  readonly cost: string;
  readonly currency: string;
}

const draftOf = ({ labelPolicy, lentLabelAccountId, lentServices, maxLabelCost }: Supplier): Draft => ({
  policy: labelPolicy,
  account: lentLabelAccountId ?? '',
  services: lentServices.join('\n'),
  cost: maxLabelCost ? amountText(maxLabelCost) : '',
  currency: maxLabelCost?.currency ?? 'USD',
});

/** Undefined where the highest price is no amount. */
function changeOf({ policy, account, services, cost, currency }: Draft) {
  const code = currency.trim().toUpperCase();
  const amount = cost.trim() === '' || !/^[A-Z]{3}$/.test(code) ? undefined : minorOf(cost, code);
  if (cost.trim() !== '' && amount === undefined) return undefined;
  return {
    labelPolicy: policy,
    lentLabelAccountId: policy === 'supplier_pays' || account === '' ? null : account,
    lentServices: services.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()])),
    maxLabelCost: amount === undefined ? null : { amount, currency: code },
  };
}

function PolicyForm({ supplier }: { readonly supplier: Supplier }) {
  const words = useWords().labels.policy;
  const { say } = useToasts();
  const messageOf = useMessage();
  const update = useCommand(updateSupplier);
  const [draft, setDraft] = useState(() => draftOf(supplier));
  const [fault, setFault] = useState<string>();
  const set = (change: Partial<Draft>) => setDraft((now) => ({ ...now, ...change }));
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const change = changeOf(draft);
    setFault(change === undefined ? words.badCost : undefined);
    if (change === undefined) return;
    const { data } = await update.run({ id: supplier.id, change });
    if (!data) return;
    setDraft(draftOf(data));
    say(words.saved);
  };
  return (
    <form className="stack" onSubmit={(event) => void submit(event)}>
      <p className="muted">{words.text}</p>
      <fieldset className="plain">
        <legend className="visually-hidden">{words.title}</legend>
        {policies.map((one) => (
          <Radio
            key={one}
            name="policy"
            value={one}
            label={words.policies[one]}
            hint={words.hints[one]}
            checked={draft.policy === one}
            onChange={() => set({ policy: one })}
          />
        ))}
      </fieldset>
      {draft.policy !== 'supplier_pays' && <Lent draft={draft} costFault={fault} onChange={set} />}
      {update.error && <Banner tone="red" title={messageOf(update.error)} />}
      <div className={css['end']}>
        <Button type="submit" isBusy={update.isBusy}>
          {words.save}
        </Button>
      </div>
    </form>
  );
}

interface LentProps {
  readonly draft: Draft;
  readonly costFault: string | undefined;
  readonly onChange: (change: Partial<Draft>) => void;
}

/** What is lent, and its limits. */
function Lent({ draft, costFault, onChange }: LentProps) {
  const words = useWords().labels.policy;
  const { id } = useAccount();
  const { data } = useQuery(labelAccountsQuery(id));
  if (data?.data.length === 0)
    return (
      <Banner
        title={words.noAccount}
        actions={
          <ButtonLink size="small" to="/$account/settings/labels" params={{ account: id }}>
            {words.toAccounts}
          </ButtonLink>
        }
      />
    );
  const accounts = data?.data.map((one) => [one.id, one.name] as const) ?? [];
  return (
    <>
      <Field label={words.account}>
        {(ids) => (
          <Select
            {...ids}
            required
            value={draft.account}
            options={[['', words.chooseAccount] as const, ...accounts]}
            onChange={({ target }) => onChange({ account: target.value })}
          />
        )}
      </Field>
      <Field label={words.services} hint={words.servicesHint}>
        {(ids) => (
          <Textarea
            {...ids}
            rows={2}
            spellCheck={false}
            value={draft.services}
            onChange={({ target }) => onChange({ services: target.value })}
          />
        )}
      </Field>
      <div className={css['cost']}>
        <Field label={words.maxCost} hint={words.maxCostHint} error={costFault}>
          {(ids) => (
            <Input
              {...ids}
              inputMode="decimal"
              autoComplete="off"
              value={draft.cost}
              onChange={({ target }) => onChange({ cost: target.value })}
            />
          )}
        </Field>
        <Field label={words.currency}>
          {(ids) => (
            <Input
              {...ids}
              maxLength={3}
              autoComplete="off"
              value={draft.currency}
              onChange={({ target }) => onChange({ currency: target.value })}
            />
          )}
        </Field>
      </div>
    </>
  );
}
