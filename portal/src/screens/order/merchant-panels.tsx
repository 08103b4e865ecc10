import { Ban, PenLine, Send, Split } from 'lucide-react';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import type { OrderAction, OrderDetail } from '../../api/queries/orders.ts';
import { Button } from '../../components/button.tsx';
import { useAccount } from '../../lib/use-account.ts';
import { useWords } from '../../words/use-words.tsx';
import { PendingEdit } from './merchant-edit.tsx';
import { UnmappedLines } from './merchant-product.tsx';
import { SupplierState } from './merchant-supplier.tsx';
import { allows } from './rules.ts';

// Loaded when they are wanted: most who open an order only ship it.
const CancelDialog = lazy(async () => ({ default: (await import('./merchant-cancel.tsx')).CancelDialog }));
const ChangeDialog = lazy(async () => ({ default: (await import('./merchant-change.tsx')).ChangeDialog }));
const HandOnDialog = lazy(async () => ({ default: (await import('./merchant-hand-on.tsx')).HandOnDialog }));
const SplitDialog = lazy(async () => ({ default: (await import('./merchant-split.tsx')).SplitDialog }));

interface OrderProps {
  readonly order: OrderDetail;
}

/** What only the merchant of an order sees: an edit in the shop, lines without a product, and how far its supplier is. */
export function MerchantPanels({ order }: OrderProps) {
  return (
    <>
      {order.pendingEdit && <PendingEdit order={order} edit={order.pendingEdit} />}
      <UnmappedLines order={order} />
      {order.dropship && <SupplierState order={order} dropship={order.dropship} />}
    </>
  );
}

type Doing = Extract<OrderAction, 'dropship' | 'split' | 'cancel' | 'editAddress'>;

/** What the merchant does with the order, as far as the service allows it now. */
export function MerchantActions({ order }: OrderProps) {
  const { may } = useAccount();
  const words = useWords().merchantOrder;
  const [doing, setDoing] = useState<Doing>();
  const close = () => setDoing(undefined);
  const button = (action: Doing, text: string, icon: ReactNode) =>
    allows(order, action) && (
      <Button look={action === 'cancel' ? 'danger' : 'plain'} onClick={() => setDoing(action)}>
        {icon}
        {text}
      </Button>
    );
  if (!may('write')) return null;
  return (
    <>
      {button('editAddress', words.change.action, <PenLine size={16} aria-hidden />)}
      {button('split', words.split.action, <Split size={16} aria-hidden />)}
      {button('cancel', words.cancel.action, <Ban size={16} aria-hidden />)}
      {button('dropship', words.handOn.action, <Send size={16} aria-hidden />)}
      <Suspense>
        {doing === 'dropship' && <HandOnDialog order={order} onClose={close} />}
        {doing === 'split' && <SplitDialog order={order} onClose={close} />}
        {doing === 'cancel' && <CancelDialog order={order} onClose={close} />}
        {doing === 'editAddress' && <ChangeDialog order={order} onClose={close} />}
      </Suspense>
    </>
  );
}
