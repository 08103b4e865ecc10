import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { chooseProduct } from '../../api/commands/merchant-orders.ts';
import type { OrderDetail } from '../../api/queries/orders.ts';
import { productSearchQuery } from '../../api/queries/products.ts';
import { useCommand } from '../../api/use-command.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { Radio } from '../../components/field.tsx';
import { Loaded, Skeleton } from '../../components/states.tsx';
import { useToasts } from '../../components/toast.tsx';
import { useIntentKey } from '../../lib/intents.ts';
import { useAccount } from '../../lib/use-account.ts';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import { SearchField } from '../products/search-field.tsx';
import { openUnits } from './rules.ts';
import css from './merchant.module.css';

type Line = OrderDetail['lines'][number];

/** Lines that name no product, for which the order waits. */
export function UnmappedLines({ order }: { readonly order: OrderDetail }) {
  const words = useWords().merchantOrder.product;
  const { may } = useAccount();
  const [chosen, choose] = useState<Line>();
  const lines = order.lines.filter((line) => line.productId === null && line.requiresShipping && openUnits(line) > 0);
  if (lines.length === 0 || order.status === 'split') return null;
  return (
    <Card title={words.title} isFlush>
      <p className={css['intro']}>{words.text}</p>
      {lines.map((line) => (
        <div key={line.id} className={css['line']}>
          <span className={css['what']}>
            {words.line(line.quantity, line.name)}
            <small>{words.sku(line.sku)}</small>
          </span>
          {may('write') && (
            <Button size="small" aria-label={words.chooseFor(line.sku)} onClick={() => choose(line)}>
              {words.choose}
            </Button>
          )}
        </div>
      ))}
      {chosen && <ProductDialog key={chosen.id} orderId={order.id} line={chosen} onClose={() => choose(undefined)} />}
    </Card>
  );
}

interface DialogProps {
  readonly orderId: string;
  readonly line: Pick<Line, 'id' | 'name'>;
  readonly onClose: () => void;
}

/** Which product a line means. */
export function ProductDialog({ orderId, line, onClose }: DialogProps) {
  const words = useWords().merchantOrder.product;
  const { id: account } = useAccount();
  const messageOf = useMessage();
  const { say } = useToasts();
  const command = useCommand(chooseProduct);
  const key = useIntentKey();
  const [q, setQ] = useState('');
  const [productId, setProductId] = useState<string>();
  const [isMissing, setMissing] = useState(false);
  const query = useQuery(productSearchQuery(account, q));
  const run = async () => {
    setMissing(productId === undefined);
    if (productId === undefined) return;
    const { error } = await command.run({ id: orderId, lineId: line.id, key: key.current(), body: { productId } });
    if (error) return key.refused(error);
    onClose();
    say(words.done);
  };
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={words.dialogTitle(line.name)}
      description={words.dialogText}
      confirm={words.confirm}
      cancel={words.cancel}
      isBusy={command.isBusy}
      error={isMissing ? words.missing : messageOf(command.error)}
      onConfirm={() => void run()}
    >
      <SearchField label={words.search} placeholder={words.search} value={q} onSearch={setQ} />
      <Loaded query={query} skeleton={<Skeleton rows={3} />}>
        {({ data }) =>
          data.length === 0 ? (
            <p className="muted">{words.none}</p>
          ) : (
            <div className={css['found']} role="radiogroup" aria-label={words.results}>
              {data.map(({ id, name, sku }) => (
                <Radio
                  key={id}
                  name="product"
                  label={name}
                  hint={sku}
                  checked={id === productId}
                  onChange={() => {
                    setProductId(id);
                    setMissing(false);
                    key.renew();
                  }}
                />
              ))}
            </div>
          )
        }
      </Loaded>
    </ConfirmDialog>
  );
}
