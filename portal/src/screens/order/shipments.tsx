import { lazy, Suspense, useState } from 'react';
import type { OrderDetail, Shipment } from '../../api/queries/orders.ts';
import { Badge } from '../../components/badge.tsx';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { classes } from '../../lib/classes.ts';
import { dateTime, money, webUrl } from '../../lib/format.ts';
import { useAccount } from '../../lib/use-account.ts';
import { useWords } from '../../words/use-words.tsx';
import { hintOf } from '../attention/causes.ts';
import { merchantOf, sumOf } from './rules.ts';
import css from './order.module.css';

// Loaded when they are wanted: most parcels stay as they are.
const CorrectShipment = lazy(async () => ({ default: (await import('./correct-shipment.tsx')).CorrectShipment }));
const VoidShipment = lazy(async () => ({ default: (await import('./void-shipment.tsx')).VoidShipment }));
const BuyLabel = lazy(async () => ({ default: (await import('../labels/buy-label.tsx')).BuyLabel }));

const shipsItself = ({ side, shipsFrom }: OrderDetail): boolean => side === 'supplying' || shipsFrom !== 'supplier';

/** The shipments, the newest first, each with how far its tracking has come. */
export function Shipments({ order }: { readonly order: OrderDetail }) {
  const words = useWords().order.shipments;
  if (order.shipments.length === 0) return null;
  return (
    <Card isFlush title={words.title} aside={<ReturnLabel order={order} />}>
      <ul>
        {[...order.shipments].reverse().map((shipment) => (
          <Shown key={shipment.id} shipment={shipment} order={order} />
        ))}
      </ul>
    </Card>
  );
}

/** For what the buyer sends back: of all that has shipped. */
function ReturnLabel({ order }: { readonly order: OrderDetail }) {
  const { may } = useAccount();
  const words = useWords().labels.buy;
  const [isBuying, setBuying] = useState(false);
  const lines = order.lines.flatMap(({ id, shipped }) => (shipped > 0 ? [{ lineId: id, quantity: shipped }] : []));
  if (!may('ship') || lines.length === 0 || !shipsItself(order)) return null;
  return (
    <>
      <Button size="small" look="quiet" onClick={() => setBuying(true)}>
        {words.returnAction}
      </Button>
      <Suspense>
        {isBuying && <BuyLabel order={order} lines={lines} isReturn onClose={() => setBuying(false)} />}
      </Suspense>
    </>
  );
}

interface ShownProps {
  readonly shipment: Shipment;
  readonly order: OrderDetail;
}

function Shown({ shipment, order }: ShownProps) {
  const { order: words, attention: causes } = useWords();
  const { status, voidReason, attention, carrierName, method, lines, labelCost } = shipment;
  const isVoided = status === 'voided';
  return (
    <li className={css['shipment']}>
      <div className={css['shipmentHead']}>
        <Badge tone={isVoided ? 'grey' : 'green'}>
          {isVoided ? words.shipments.voided : (carrierName ?? words.ship.methods[method])}
        </Badge>
        <Number shipment={shipment} />
        <span className="muted">{words.units(sumOf(lines, ({ quantity }) => quantity))}</span>
        {labelCost && order.shipsFrom === 'supplier' && (
          <span className="muted">{words.labelFor(money(labelCost))}</span>
        )}
        <Changes shipment={shipment} order={order} />
      </div>
      <Contents shipment={shipment} order={order} />
      {voidReason !== null && <p className="muted small">{words.shipments.voidedWhy[voidReason]}</p>}
      {attention && <Banner title={words.shipments.stuck}>{hintOf(attention, causes)}</Banner>}
      <Steps shipment={shipment} order={order} />
    </li>
  );
}

function Number({ shipment: { trackingNumber, trackingUrl, status } }: Pick<ShownProps, 'shipment'>) {
  if (trackingNumber === null) return null;
  const url = webUrl(trackingUrl);
  const look = classes('mono', css['trackingNumber']);
  if (status === 'voided') return <s className={look}>{trackingNumber}</s>;
  if (url === undefined) return <span className={look}>{trackingNumber}</span>;
  return (
    <a className={classes(look, 'link')} href={url} target="_blank" rel="noreferrer">
      {trackingNumber}
    </a>
  );
}

/** What is in it, where the order has more. */
function Contents({ shipment, order }: ShownProps) {
  const words = useWords().orders;
  const isWhole =
    order.lines.length === 1 && shipment.lines.every(({ quantity }) => quantity === order.lines[0]?.quantity);
  if (isWhole) return null;
  const named = shipment.lines.map(({ lineId, quantity }) =>
    words.item(quantity, order.lines.find(({ id }) => id === lineId)?.name ?? ''),
  );
  return <p className="muted small">{named.join(', ')}</p>;
}

function Changes({ shipment, order }: ShownProps) {
  const { may } = useAccount();
  const words = useWords().order.shipments;
  const [asking, setAsking] = useState<'correct' | 'void'>();
  const close = () => setAsking(undefined);
  // A parcel with a label is voided with the label, so that its money comes back; its number is the label's.
  const hasLabel = order.labels.some(({ shipmentId }) => shipmentId === shipment.id);
  if (!may('ship') || hasLabel || !shipsItself(order) || shipment.status === 'voided') return null;
  const name = shipment.trackingNumber ?? '';
  return (
    <span className={css['changes']}>
      <Button size="small" look="quiet" aria-label={words.correctOf(name)} onClick={() => setAsking('correct')}>
        {words.correct}
      </Button>
      <Button size="small" look="quiet" aria-label={words.voidOf(name)} onClick={() => setAsking('void')}>
        {words.void}
      </Button>
      <Suspense>
        {asking === 'correct' && <CorrectShipment shipment={shipment} onClose={close} />}
        {asking === 'void' && <VoidShipment shipment={shipment} onClose={close} />}
      </Suspense>
    </span>
  );
}

type Step = readonly [label: string, at: string | null];

function Steps({ shipment, order }: ShownProps) {
  const words = useWords().order.shipments;
  const { relayedAt, pushedAt, confirmedAt, shippedAt, status } = shipment;
  const merchant = merchantOf(order);
  const between: Step = merchant === undefined ? [words.sent, pushedAt] : [words.withMerchant(merchant), relayedAt];
  const last: Step = [status === 'voided' ? words.gone : words.inShop, confirmedAt];
  const steps: readonly Step[] = [[words.recorded, shippedAt], between, last];
  return (
    <ol className={css['steps']} aria-label={words.travelled}>
      {steps.map(([label, at]) => (
        <li key={label} data-done={at !== null}>
          <b>{label}</b>
          {at === null ? words.waiting : <time dateTime={at}>{dateTime(at)}</time>}
        </li>
      ))}
    </ol>
  );
}
