import { useQuery } from '@tanstack/react-query';
import { orderEventsQuery, type OrderDetail, type OrderEvent } from '../../api/queries/orders.ts';
import { Card, Facts } from '../../components/card.tsx';
import { Copy } from '../../components/copy.tsx';
import { Loaded, Skeleton } from '../../components/states.tsx';
import { Timeline } from '../../components/timeline.tsx';
import { useAccountId } from '../../lib/account-id.ts';
import { count, date, dateTime } from '../../lib/format.ts';
import { useWords } from '../../words/use-words.tsx';
import { addressLines } from './address.ts';
import { sumOf } from './rules.ts';
import css from './order.module.css';

export function Address({ order }: { readonly order: OrderDetail }) {
  const words = useWords().order;
  const lines = addressLines(order.shipTo);
  return (
    <Card title={words.shipTo} aside={<Copy text={lines.join('\n')} label={words.copyAddress} />}>
      <address className={css['address']}>{lines.join('\n')}</address>
    </Card>
  );
}

export function CustomerNote({ order: { notes } }: { readonly order: OrderDetail }) {
  const words = useWords().order;
  return (
    <>
      {notes?.customer !== undefined && (
        <section className={css['note']}>
          <h2>{words.customerNote}</h2>
          <p>{notes.customer}</p>
        </section>
      )}
      {notes?.internal !== undefined && (
        <Card title={words.ownNote}>
          <p className={css['text']}>{notes.internal}</p>
        </Card>
      )}
    </>
  );
}

export function Details({ order }: { readonly order: OrderDetail }) {
  const words = useWords().order.details;
  const { side, counterpart, origin, shipBy, printedAt } = order;
  const when = (at: string | null | undefined) => at && <time dateTime={at}>{dateTime(at)}</time>;
  return (
    <Card title={words.title}>
      <Facts
        facts={[
          [words.method, order.shippingMethod ?? words.noMethod],
          [words.units, <span className="num">{count(sumOf(order.lines, ({ quantity }) => quantity))}</span>],
          [words.shipBy, shipBy && <time dateTime={shipBy}>{date(shipBy)}</time>],
          [words.accepted, when(origin?.acceptedAt)],
          side === 'supplying' ? [words.merchant, counterpart?.name] : [words.channel, order.channelName],
          [words.received, when(order.createdAt)],
          [words.printed, when(printedAt)],
        ]}
      />
    </Card>
  );
}

const good: ReadonlySet<OrderEvent['type']> = new Set(['shipment_pushed', 'order_accepted', 'attention_resolved']);
const bad: ReadonlySet<OrderEvent['type']> = new Set(['attention_raised', 'cancel_requested', 'order_rejected']);
const toneOf = (type: OrderEvent['type']): 'red' | 'green' | undefined =>
  bad.has(type) ? 'red' : good.has(type) ? 'green' : undefined;
const noteOf = ({ data }: OrderEvent) => (typeof data['note'] === 'string' ? data['note'] : undefined);

type Actor = OrderEvent['actor'];
/** The service names persons and companies; itself and its operator it names by what they are. */
const byOf = ({ kind, name }: Actor, words: { readonly system: string; readonly operator: string }): string | null =>
  kind === 'system' || kind === 'operator' ? words[kind] : (name ?? null);

export function OrderTimeline({ id }: { readonly id: string }) {
  const account = useAccountId();
  const words = useWords().order.timeline;
  const query = useQuery(orderEventsQuery(account, id));
  return (
    <Card title={words.title}>
      <Loaded query={query} skeleton={<Skeleton rows={3} />}>
        {({ data, nextCursor }) => (
          <>
            <Entries events={data} />
            {nextCursor !== null && <p className="muted small">{words.more}</p>}
          </>
        )}
      </Loaded>
    </Card>
  );
}

function Entries({ events }: { readonly events: readonly OrderEvent[] }) {
  const words = useWords().order.timeline;
  if (events.length === 0) return <p className="muted">{words.empty}</p>;
  const entries = events.map((event) => {
    const tone = toneOf(event.type);
    return {
      key: event.id,
      title: words.events[event.type],
      note: noteOf(event),
      by: byOf(event.actor, words),
      at: event.occurredAt,
      ...(tone && { tone }),
    } as const;
  });
  return <Timeline entries={entries} />;
}
