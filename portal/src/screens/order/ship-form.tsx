import { Tag, Truck } from 'lucide-react';
import { useRef, useState, type RefObject, type SubmitEvent } from 'react';
import { createShipment } from '../../api/commands/shipments.ts';
import type { OrderDetail } from '../../api/queries/orders.ts';
import { useCommand } from '../../api/use-command.ts';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { useToasts } from '../../components/toast.tsx';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import type { PackedLine } from '../labels/parcel-draft.ts';
import { LinesToShip } from './lines.tsx';
import { openUnits, sumOf } from './rules.ts';
import { TrackingFields } from './tracking-fields.tsx';
import { useTracking } from './use-tracking.ts';
import css from './order.module.css';

type Line = OrderDetail['lines'][number];

/** Units that are asked to be cancelled are left out, unless a person enters them. */
const usualUnits = (line: Line): number => Math.max(0, openUnits(line) - line.cancelRequested);

/** The units of the shipment that is about to be sent, line by line. */
function useUnits({ lines }: OrderDetail) {
  const [entered, setEntered] = useState<Readonly<Record<string, string>>>({});
  const unitsOf = (line: Line): number => {
    const text = entered[line.id];
    if (text === undefined) return usualUnits(line);
    return Math.max(0, Math.min(openUnits(line), Math.trunc(Number(text)) || 0));
  };
  return {
    textOf: (line: Line) => entered[line.id] ?? String(usualUnits(line)),
    enter: (line: Line, text: string) => setEntered((before) => ({ ...before, [line.id]: text })),
    total: sumOf(lines, unitsOf),
    body: lines.map((line) => ({ lineId: line.id, quantity: unitsOf(line) })).filter(({ quantity }) => quantity > 0),
  };
}

interface ShipFormProps {
  readonly order: OrderDetail;
  readonly tracking: RefObject<HTMLInputElement | null>;
  readonly onShipped: () => void;
  readonly onBuyLabel: (lines: readonly PackedLine[]) => void;
}

/** The focus is in the tracking number: scan, Enter, done. */
export function ShipForm({ order, tracking: field, onShipped, onBuyLabel }: ShipFormProps) {
  const { order: words, labels } = useWords();
  const messageOf = useMessage();
  const { say } = useToasts();
  const ship = useCommand(createShipment);
  const units = useUnits(order);
  const tracking = useTracking();
  const isSending = useRef(false);
  // Until the page has the order with this shipment, a second Enter must find nothing to send.
  const [isSent, setSent] = useState(false);

  const send = async () => {
    const checked = await tracking.check();
    if (!checked) return;
    const body = { ...checked, lines: units.body };
    const { data } = await ship.run({ id: order.id, key: tracking.keyOf(body), body });
    if (!data) return void field.current?.focus();
    setSent(true);
    onShipped();
    const to = order.counterpart?.name ?? words.ship.theShop;
    const { trackingNumber: number } = data;
    say(words.ship.recorded, number === null ? words.ship.recordedPlain(to) : words.ship.recordedFor(number, to));
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (isSending.current || isSent || units.total === 0) return;
    isSending.current = true;
    void send().finally(() => (isSending.current = false));
  };

  return (
    <Card
      isFlush
      title={words.ship.title}
      aside={
        <span className={css['aside']}>
          <Badge tone="blue">{words.ship.left(sumOf(order.lines, openUnits))}</Badge>
          <Button size="small" disabled={units.total === 0} onClick={() => onBuyLabel(units.body)}>
            <Tag size={15} aria-hidden />
            {labels.buy.action}
          </Button>
        </span>
      }
    >
      <form onSubmit={submit} noValidate>
        <LinesToShip lines={order.lines} textOf={units.textOf} onEnter={units.enter} />
        <div className={css['ship']}>
          <TrackingFields tracking={tracking} field={field} error={messageOf(ship.error)} onType={ship.reset} />
          <Button
            type="submit"
            look="primary"
            className={css['submit']}
            isBusy={ship.isBusy || isSent || tracking.isChecking}
            disabled={units.total === 0}
          >
            <Truck size={16} aria-hidden />
            {words.ship.submit(units.total)}
          </Button>
          {units.total === 0 && <p className={css['missing']}>{words.ship.unitsMissing}</p>}
        </div>
      </form>
    </Card>
  );
}
