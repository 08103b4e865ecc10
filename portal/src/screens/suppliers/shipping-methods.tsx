import { ArrowRight, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { Supplier } from '../../../../clients/typescript/src/index.ts';
import { updateSupplier } from '../../api/commands/suppliers.ts';
import { useCommand } from '../../api/use-command.ts';
import { Banner } from '../../components/banner.tsx';
import { Button, IconButton } from '../../components/button.tsx';
import { Card, Facts } from '../../components/card.tsx';
import { Field, Input } from '../../components/field.tsx';
import { useToasts } from '../../components/toast.tsx';
import { newKey } from '../../lib/intents.ts';
import { useAccount } from '../../lib/use-account.ts';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import css from './supplier.module.css';

interface Method {
  readonly key: string;
  readonly yours: string;
  readonly theirs: string;
}

const methodsOf = (supplier: Supplier): Method[] =>
  Object.entries(supplier.shippingMethods).map(([yours, theirs]) => ({ key: newKey(), yours, theirs }));

/** The map from the shops' methods to the supplier's. */
export function ShippingMethods({ supplier }: { readonly supplier: Supplier }) {
  const words = useWords().suppliers.methods;
  const { may } = useAccount();
  if (!may('write') || supplier.status === 'ended') return <ShownMethods supplier={supplier} />;
  return (
    <Card title={words.title}>
      <MethodsForm supplier={supplier} />
    </Card>
  );
}

function ShownMethods({ supplier }: { readonly supplier: Supplier }) {
  const words = useWords().suppliers.methods;
  const methods = Object.entries(supplier.shippingMethods);
  return (
    <Card title={words.title}>
      {methods.length === 0 && supplier.defaultShippingMethod === null ? (
        <p className="muted">{words.none}</p>
      ) : (
        <Facts facts={[...methods, [words.others, supplier.defaultShippingMethod]]} />
      )}
    </Card>
  );
}

function MethodsForm({ supplier }: { readonly supplier: Supplier }) {
  const words = useWords().suppliers.methods;
  const { say } = useToasts();
  const messageOf = useMessage();
  const update = useCommand(updateSupplier);
  const [methods, setMethods] = useState(() => methodsOf(supplier));
  const [others, setOthers] = useState(supplier.defaultShippingMethod ?? '');
  const [fault, setFault] = useState<string>();
  const set = (key: string, change: Partial<Method>) =>
    setMethods((now) => now.map((one) => (one.key === key ? { ...one, ...change } : one)));
  const save = async () => {
    const filled = methods
      .map(({ yours, theirs }) => [yours.trim(), theirs.trim()] as const)
      .filter(([yours, theirs]) => yours !== '' || theirs !== '');
    const twice = filled.find(([yours], at) => filled.findIndex(([one]) => one === yours) !== at);
    const isHalf = filled.some(([yours, theirs]) => yours === '' || theirs === '');
    const found = isHalf ? words.half : twice && words.twice(twice[0]);
    setFault(found);
    if (found !== undefined) return;
    const defaultShippingMethod = others.trim() === '' ? null : others.trim();
    const change = { shippingMethods: Object.fromEntries(filled), defaultShippingMethod };
    const { data } = await update.run({ id: supplier.id, change });
    if (!data) return;
    setMethods(methodsOf(data));
    say(words.saved);
  };
  const error = fault ?? messageOf(update.error);
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <p className="muted">{words.text}</p>
      <div className={css['methods']}>
        {methods.map(({ key, yours, theirs }, row) => (
          <div key={key} className={css['method']}>
            <Input
              controlSize="small"
              aria-label={words.yoursAt(row + 1)}
              placeholder={words.yours}
              maxLength={100}
              value={yours}
              onChange={({ target }) => set(key, { yours: target.value })}
            />
            <ArrowRight size={16} aria-hidden />
            <Input
              controlSize="small"
              aria-label={words.theirsAt(row + 1)}
              placeholder={words.theirs}
              maxLength={100}
              value={theirs}
              onChange={({ target }) => set(key, { theirs: target.value })}
            />
            <IconButton
              size="small"
              look="quiet"
              label={words.remove(yours || words.yoursAt(row + 1))}
              onClick={() => setMethods((now) => now.filter((one) => one.key !== key))}
            >
              <Trash2 size={16} aria-hidden />
            </IconButton>
          </div>
        ))}
      </div>
      <Field label={words.others} hint={words.othersHint}>
        {(ids) => <Input {...ids} maxLength={100} value={others} onChange={({ target }) => setOthers(target.value)} />}
      </Field>
      {error !== undefined && <Banner tone="red" title={error} />}
      <div className={css['end']}>
        <Button
          look="quiet"
          size="small"
          onClick={() => setMethods((now) => [...now, { key: newKey(), yours: '', theirs: '' }])}
        >
          <Plus size={16} aria-hidden />
          {words.add}
        </Button>
        <Button type="submit" isBusy={update.isBusy}>
          {words.save}
        </Button>
      </div>
    </form>
  );
}
