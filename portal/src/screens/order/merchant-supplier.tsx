import type { OrderDetail } from '../../api/queries/orders.ts';
import { Badge } from '../../components/badge.tsx';
import { Card } from '../../components/card.tsx';
import { classes } from '../../lib/classes.ts';
import { date, dateTime } from '../../lib/format.ts';
import { useWords } from '../../words/use-words.tsx';
import css from './merchant.module.css';

type Dropship = NonNullable<OrderDetail['dropship']>;

interface StateProps {
  readonly order: OrderDetail;
  readonly dropship: Dropship;
}

/** How far the order is with its supplier, and what the supplier promised. */
export function SupplierState({ order, dropship }: StateProps) {
  const words = useWords();
  const texts = words.merchantOrder.supplier;
  const name = order.counterpart?.name ?? words.frame.supplier;
  const { status, acceptedAt, expectedShipAt, supplierOrderNumber } = dropship;
  const hasEnded = status === 'cancelled' || status === 'rejected' || status === 'split';
  const isPromised = status === 'accepted' && expectedShipAt !== undefined;
  const isFixed = order.actions.some(
    ({ action, because }) => action === 'editAddress' && because === 'order_already_imported',
  );
  return (
    <Card title={name} aside={<Lateness order={order} dropship={dropship} />}>
      <div className={css['state']}>
        {!hasEnded && <Steps dropship={dropship} name={name} />}
        <p>{isPromised ? texts.promised(name, date(expectedShipAt)) : texts.status[status](name)}</p>
        <ul className={classes('muted', 'small', css['notes'])}>
          {acceptedAt !== undefined && <li>{texts.acceptedAt(dateTime(acceptedAt))}</li>}
          {expectedShipAt !== undefined && !isPromised && <li>{texts.promise(date(expectedShipAt))}</li>}
          {supplierOrderNumber !== undefined && supplierOrderNumber !== order.number && (
            <li>{texts.theirNumber(supplierOrderNumber)}</li>
          )}
          {isFixed && <li>{texts.fixed(name)}</li>}
        </ul>
      </div>
    </Card>
  );
}

/** Only of a promise that still counts. */
function Lateness({ order, dropship }: StateProps) {
  const words = useWords().merchantOrder.supplier;
  const { shipBy, lines } = order;
  const isOpen = lines.some(({ quantity, shipped, cancelled }) => quantity > shipped + cancelled);
  if (shipBy === null || !isOpen || (dropship.status !== 'accepted' && dropship.status !== 'partially_shipped'))
    return null;
  // The page asks for the order again every few seconds, so this is never old.
  const isLate = new Date(shipBy) < new Date();
  return <Badge tone={isLate ? 'red' : 'green'}>{isLate ? words.late : words.onTime}</Badge>;
}

const reached: Readonly<Record<Dropship['status'], number>> = {
  requested: 1,
  imported: 2,
  accepted: 3,
  partially_shipped: 3,
  shipped: 4,
  cancelled: 0,
  rejected: 0,
  split: 0,
};

function Steps({ dropship, name }: { readonly dropship: Dropship; readonly name: string }) {
  const words = useWords().merchantOrder.supplier;
  const { requested, received, accepted, shipped } = words.steps;
  return (
    <ol className={css['steps']} aria-label={words.stepsOf(name)}>
      {[requested, received, accepted, shipped].map((step, index) => {
        const isDone = index < reached[dropship.status];
        return (
          <li key={step} data-done={isDone} aria-current={index === reached[dropship.status] - 1 ? 'step' : undefined}>
            {step}
          </li>
        );
      })}
    </ol>
  );
}
