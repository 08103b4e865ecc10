import { ApiError } from '../../api/client.ts';
import type { createShipment } from '../../api/commands/shipments.ts';
import type { ScannedOrder, ScannedRow } from '../../api/queries/scan.ts';
import type { RecognizedNumber, Shipment } from '../../../../clients/typescript/src/index.ts';
import { newKey } from '../../lib/intents.ts';
import {
  benchOf,
  emptyLine,
  nameOf,
  openOf,
  plainNumber,
  refusalOf,
  type Bench,
  type Done,
  type LineState,
  type Question,
  type Scan,
  type Stop,
} from './line-state.ts';

/** What the line asks of the service, for one account. */
interface Service {
  readonly ordersOfNumber: (number: string) => Promise<readonly ScannedRow[]>;
  readonly orderNow: (id: string) => Promise<ScannedOrder>;
  readonly recognized: (trackingNumber: string) => Promise<RecognizedNumber>;
  readonly createShipment: (shipment: Parameters<typeof createShipment>[1]) => Promise<Shipment>;
}

export type Sound = 'opened' | 'recorded' | 'wrong' | 'ask';

/** Nothing that a person looks back at. */
const mostDone = 300;

/**
 * Scans come faster than answers. They wait in line and run one after the other: the number of an order puts it on the bench, the
 * next scan is its label. A wrong scan stops the line, and those behind it wait until a person has acknowledged it.
 */
export class ScanLine {
  readonly #service: Service;
  readonly #onSound: (sound: Sound) => void;
  readonly #listeners = new Set<() => void>();
  #state = emptyLine;
  #unanswered: Unanswered | undefined;

  constructor(service: Service, onSound: (sound: Sound) => void) {
    this.#service = service;
    this.#onSound = onSound;
  }

  readonly state = (): LineState => this.#state;

  readonly subscribe = (heard: () => void): (() => void) => {
    this.#listeners.add(heard);
    return () => void this.#listeners.delete(heard);
  };

  scan(text: string): void {
    this.#set({ waiting: [...this.#state.waiting, { key: newKey(), text }] });
    this.#goOn();
  }

  /** Acknowledges what stopped the line, takes back what is asked about, or puts the order on the bench aside. */
  escape(): void {
    const { stop, question, bench, running } = this.#state;
    if (stop) this.#acknowledge(stop);
    else if (question) this.#takeBack();
    else if (bench && !running) this.#putAside(bench);
  }

  /** Of several orders with one number: the one on the bench. */
  chooseOrder(row: ScannedRow): void {
    const { question } = this.#state;
    if (question?.kind !== 'order') return;
    this.#set({ question: undefined });
    void this.#alone(question.scan, () => this.#open(question.scan, row));
  }

  chooseCarrier(carrier: string, carrierName?: string): void {
    const { question, bench } = this.#state;
    if (question?.kind !== 'carrier' || !bench) return;
    this.#set({ question: undefined });
    const label = {
      carrier,
      ...(carrierName !== undefined && { carrierName }),
      trackingNumber: question.trackingNumber,
    };
    void this.#alone(question.scan, () => this.#record(question.scan, bench, label));
  }

  /** Fewer units in this box: the others stay for the next one. */
  take(lineId: string, units: number): void {
    const { bench } = this.#state;
    if (bench) this.#set({ bench: { ...bench, units: { ...bench.units, [lineId]: units } } });
  }

  /** Forgets the scans that wait. */
  drop(): void {
    const dropped = this.#state.waiting.map((scan) => ({ kind: 'dropped', key: scan.key, text: scan.text }) as const);
    this.#set({ waiting: [], ...this.#with(...dropped.toReversed()) });
  }

  voided(key: string): void {
    const done = this.#state.done.map((one) =>
      one.kind === 'shipped' && one.key === key ? { ...one, isVoided: true } : one,
    );
    this.#set({ done });
  }

  #acknowledge(stop: Stop): void {
    const again = [stop.scan, ...this.#state.waiting];
    if (stop.kind === 'lost') this.#set({ stop: undefined, waiting: again });
    else if (stop.kind === 'no-label') {
      const aside = { kind: 'aside', key: newKey(), order: stop.order } as const;
      this.#set({ stop: undefined, bench: undefined, waiting: again, ...this.#with(aside) });
    } else this.#set({ stop: undefined, ...this.#with({ kind: 'refused', key: stop.scan.key, stop }) });
    this.#goOn();
  }

  #takeBack(): void {
    this.#set({ question: undefined });
    this.#goOn();
  }

  #putAside({ order }: Bench): void {
    this.#set({ bench: undefined, ...this.#with({ kind: 'aside', key: newKey(), order: nameOf(order) }) });
  }

  #goOn(): void {
    const { waiting, running, stop, question, bench } = this.#state;
    const [scan, ...rest] = waiting;
    if (!scan || running || stop || question) return;
    this.#set({ waiting: rest, again: undefined });
    const lost = this.#unanswered?.scan === scan ? this.#unanswered : undefined;
    void this.#alone(scan, () => (lost ? this.#again(lost) : bench ? this.#label(scan, bench) : this.#number(scan)));
  }

  /** One scan at a time; then the next. */
  async #alone(scan: Scan, work: () => Promise<void>): Promise<void> {
    this.#set({ running: scan });
    try {
      await work();
    } catch (error) {
      this.#stop(faultOf(error, scan, this.#state.bench));
    }
    this.#set({ running: undefined });
    this.#goOn();
  }

  async #number(scan: Scan): Promise<void> {
    const last = this.#state.done.find((one) => one.kind === 'shipped');
    // Scanners send twice; the label of the box that has just gone is no wrong scan.
    if (last && !last.isVoided && isLabelOf(last.shipment, scan.text)) return this.#set({ again: scan.text });
    const rows = await this.#find(scan.text);
    if (rows.length === 0) {
      const isLabel = await this.#service.recognized(scan.text).then(
        ({ candidates }) => candidates.length > 0,
        (error: unknown) => {
          if (error instanceof ApiError && error.code === 'tracking_not_acceptable') return false;
          throw error;
        },
      );
      return this.#stop({ kind: isLabel ? 'label-first' : 'unknown', scan });
    }
    // What a supplier ships is not on this bench.
    const own = rows.filter((row) => refusalOf(row) !== 'with-supplier');
    const [row, other] = own.length > 0 ? own : rows;
    if (other !== undefined) return this.#ask({ kind: 'order', scan, rows: own.length > 0 ? own : rows });
    if (row) await this.#open(scan, row);
  }

  /** A number as people type it: without the sign in front, or in small letters. */
  async #find(text: string): Promise<readonly ScannedRow[]> {
    const rows = await this.#service.ordersOfNumber(text);
    if (rows.length > 0) return rows;
    const others = new Set([text.startsWith('#') ? text.slice(1) : `#${text}`, text.toUpperCase()]);
    others.delete(text);
    others.delete('');
    const found = await Promise.all([...others].map((other) => this.#service.ordersOfNumber(other)));
    return found.flat();
  }

  async #open(scan: Scan, row: ScannedRow): Promise<void> {
    const order = await this.#service.orderNow(row.id);
    if (refusalOf(order) !== undefined) return this.#stop(refused(scan, order));
    this.#set({ bench: benchOf(order) });
    this.#onSound('opened');
  }

  async #label(scan: Scan, bench: Bench): Promise<void> {
    const named = nameOf(bench.order);
    if (plainNumber(scan.text) === plainNumber(named.number)) return this.#set({ again: scan.text });
    const [others, known, order] = await Promise.all([
      this.#service.ordersOfNumber(scan.text),
      this.#service.recognized(scan.text),
      this.#service.orderNow(named.id),
    ]);
    // The label of this order was missed. Its number must not become a tracking number.
    if (others.length > 0) return this.#stop({ kind: 'no-label', scan, order: named });
    if (refusalOf(order) !== undefined) return this.#refuse(scan, order);
    const used = this.#state.done.find(
      (one) => one.kind === 'shipped' && !one.isVoided && isLabelOf(one.shipment, known.trackingNumber),
    );
    if (used?.kind === 'shipped' && used.order.id !== named.id)
      return this.#stop({ kind: 'used-label', scan, order: named, used: used.order });
    // What a person took out in the meantime counts.
    const now = this.#state.bench ?? bench;
    const { trackingNumber, carrier, candidates } = known;
    if (carrier === null) return this.#ask({ kind: 'carrier', scan, trackingNumber, candidates });
    await this.#record(scan, now, { carrier, trackingNumber });
  }

  async #record(scan: Scan, bench: Bench, label: Label): Promise<void> {
    const order = nameOf(bench.order);
    const lines = Object.entries(bench.units)
      .map(([lineId, quantity]) => ({ lineId, quantity }))
      .filter(({ quantity }) => quantity > 0);
    if (lines.length === 0) return this.#stop({ kind: 'no-units', scan, order });
    const shipment = await this.#service
      .createShipment({ id: order.id, key: scan.key, body: { ...label, lines } })
      .catch(async (error: unknown) => {
        // Perhaps it is recorded: only the same parcel may be sent again under this key.
        if (error instanceof ApiError && error.isUncertain) this.#unanswered = { scan, bench, label };
        else await this.#look(bench);
        throw error;
      });
    const units = lines.reduce((sum, { quantity }) => sum + quantity, 0);
    const isAll = bench.order.lines.every((line) => bench.units[line.id] === openOf(line));
    this.#set({
      bench: undefined,
      ...this.#with({ kind: 'shipped', key: scan.key, order, shipment, units, isVoided: false }),
    });
    this.#onSound('recorded');
    if (!isAll) await this.#look({ ...bench, box: bench.box + 1 });
  }

  /** A parcel without an answer: it is recorded already, or now; refused where the order has changed and has it not. */
  async #again({ scan, bench, label }: Unanswered): Promise<void> {
    const order = await this.#service.orderNow(bench.order.id);
    this.#unanswered = undefined;
    const isThere = order.shipments.some((one) => one.status !== 'voided' && isLabelOf(one, label.trackingNumber));
    if (isThere) return this.#record(scan, bench, label);
    if (refusalOf(order) !== undefined) return this.#refuse(scan, order);
    await this.#record(scan, this.#state.bench ?? bench, label);
  }

  /** The order of the bench as it is now; nothing is on the bench where it cannot be shipped any more. */
  async #look(bench: Bench): Promise<void> {
    const order = await this.#service.orderNow(bench.order.id).catch(() => undefined);
    if (order === undefined) return;
    this.#set({ bench: refusalOf(order) === undefined ? benchOf(order, bench.box) : undefined });
  }

  #ask(question: Question): void {
    this.#set({ question });
    this.#onSound('ask');
  }

  #refuse(scan: Scan, order: ScannedOrder): void {
    this.#set({ bench: undefined });
    this.#stop(refused(scan, order));
  }

  #stop(stop: Stop): void {
    this.#set({ stop });
    this.#onSound('wrong');
  }

  #with(...added: readonly Done[]): Pick<LineState, 'done'> {
    return { done: [...added, ...this.#state.done].slice(0, mostDone) };
  }

  #set(change: Partial<LineState>): void {
    this.#state = { ...this.#state, ...change };
    for (const heard of this.#listeners) heard();
  }
}

interface Label {
  readonly carrier: string;
  readonly carrierName?: string;
  readonly trackingNumber: string;
}

/** A parcel that was sent and got no answer. */
interface Unanswered {
  readonly scan: Scan;
  readonly bench: Bench;
  readonly label: Label;
}

const isLabelOf = ({ trackingNumber }: Shipment, text: string): boolean =>
  trackingNumber !== null && plainNumber(trackingNumber) === plainNumber(text);

function refused(scan: Scan, order: ScannedOrder): Stop {
  const named = nameOf(order);
  const kind = refusalOf(order) ?? 'not-now';
  if (kind === 'split') return { kind, scan, order: named, parts: order.children.map(({ number }) => number) };
  return { kind, scan, order: named };
}

/** A refusal is the same the second time; what got no answer is tried again. */
function faultOf(error: unknown, scan: Scan, bench: Bench | undefined): Stop {
  if (!(error instanceof ApiError)) return { kind: 'lost', scan, detail: undefined };
  const { status, code, message } = error;
  const isLost = status === 0 || status >= 500 || status === 401 || status === 429 || code === 'request_in_progress';
  if (isLost) return { kind: 'lost', scan, detail: status === 0 ? undefined : message };
  return { kind: 'refused', scan, order: bench && nameOf(bench.order), detail: message };
}
