import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { BatchResults, Product, ProductBatch } from '../../../../clients/typescript/src/index.ts';
import { writeProducts } from '../../api/commands/products.ts';
import { suppliersQuery } from '../../api/queries/suppliers.ts';
import { useCommand } from '../../api/use-command.ts';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog, Dialog } from '../../components/dialog.tsx';
import { Checkbox, Field, Select } from '../../components/field.tsx';
import { Outcome } from '../../components/outcome.tsx';
import { useToasts } from '../../components/toast.tsx';
import { newKey } from '../../lib/intents.ts';
import { useAccount } from '../../lib/use-account.ts';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import { assigned, nobody, type Assignment } from './assignment.ts';
import { fulfillmentTypes, typeOf } from './types.ts';

interface BulkProps {
  readonly products: readonly Product[];
  /** The assignment was sent: nothing is chosen any more. */
  readonly onDone: () => void;
  readonly onClose: () => void;
}

/** A supplier and who ships, for all chosen products at once; then how many worked, and which not. */
export function BulkDialog({ products, onDone, onClose }: BulkProps) {
  const words = useWords().products.bulk;
  const { say } = useToasts();
  const messageOf = useMessage();
  const write = useCommand(writeProducts);
  const [wish, setWish] = useState<Assignment>({ supplierId: '', isDefault: true, type: undefined });
  const [key, setKey] = useState(newKey);
  const [results, setResults] = useState<BatchResults['results']>();
  const [isEmpty, setEmpty] = useState(false);
  // The products that were sent: those chosen are forgotten by then.
  const [sent] = useState(products);
  const change = (next: Partial<Assignment>) => {
    setWish((now) => ({ ...now, ...next }));
    setKey(newKey());
    setEmpty(false);
  };
  const assign = async () => {
    if (wish.supplierId === '' && !wish.type) return setEmpty(true);
    const items: ProductBatch['items'] = sent.map((product) => assigned(product, wish));
    const { data } = await write.run({ body: { items }, key });
    if (!data) return;
    onDone();
    if (data.results.some(({ status }) => status === 'failed')) return setResults(data.results);
    say(words.done(sent.length));
    onClose();
  };
  if (results) return <Results products={sent} results={results} onClose={onClose} />;
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={words.title(sent.length)}
      description={words.text}
      confirm={words.confirm(sent.length)}
      cancel={words.cancel}
      isBusy={write.isBusy}
      error={isEmpty ? words.nothing : messageOf(write.error)}
      onConfirm={() => void assign()}
    >
      <BulkFields wish={wish} onChange={change} />
    </ConfirmDialog>
  );
}

interface FieldsProps {
  readonly wish: Assignment;
  readonly onChange: (change: Partial<Assignment>) => void;
}

function BulkFields({ wish, onChange }: FieldsProps) {
  const words = useWords().products;
  const { id: account } = useAccount();
  const { data: suppliers } = useQuery(suppliersQuery(account));
  const open = (suppliers?.data ?? []).filter(({ status }) => status !== 'ended');
  return (
    <>
      <Field label={words.bulk.supplier}>
        {(ids) => (
          <Select
            {...ids}
            value={wish.supplierId}
            options={[
              ['', words.bulk.keep],
              ...open.map(({ id, name }) => [id, name] as const),
              [nobody, words.bulk.nobody],
            ]}
            onChange={({ target }) => onChange({ supplierId: target.value })}
          />
        )}
      </Field>
      {wish.supplierId !== '' && wish.supplierId !== nobody && (
        <Checkbox
          label={words.bulk.isDefault}
          hint={words.bulk.isDefaultHint}
          checked={wish.isDefault}
          onChange={({ target }) => onChange({ isDefault: target.checked })}
        />
      )}
      <Field label={words.bulk.type} hint={wish.type && words.typeHints[wish.type]}>
        {(ids) => (
          <Select
            {...ids}
            value={wish.type ?? ''}
            options={[['', words.bulk.keep], ...fulfillmentTypes.map((type) => [type, words.types[type]] as const)]}
            onChange={({ target }) => onChange({ type: typeOf(target.value) })}
          />
        )}
      </Field>
    </>
  );
}

interface ResultsProps {
  readonly products: readonly Product[];
  readonly results: BatchResults['results'];
  readonly onClose: () => void;
}

function Results({ products, results, onClose }: ResultsProps) {
  const words = useWords().products.bulk;
  const failed = results.flatMap(({ index, problem }) => {
    const product = products[index];
    return problem && product ? [{ key: product.id, name: product.sku, reason: problem.detail ?? problem.title }] : [];
  });
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={words.title(products.length)}
      actions={
        <Button look="primary" onClick={onClose}>
          {words.close}
        </Button>
      }
    >
      <Outcome title={words.partly(results.length - failed.length, failed.length)} failed={failed} />
    </Dialog>
  );
}
