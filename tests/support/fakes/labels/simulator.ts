import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { createCanvas, fill } from '../../../../activities/labels/providers/test/canvas.ts';
import { code128 } from '../../../../domain/paper/code128.ts';
import { createLabelLedger, type LabelLedgerEntry } from './ledger.ts';

/**
 * A parcel to one of these postal codes: no carrier serves it, its purchase is refused for the address, or for another reason
 * of the carrier.
 */
export const oddPostalCodes = { noService: '00000', addressRefused: '00001', labelRefused: '00002' } as const;

type RefundPolicy = 'submitted' | 'refunded' | 'rejected' | 'not_applicable';
/**
 * `balance`: minor units that are left, or without end. `refunds`: how a request for a refund ends at once. `hiddenMs`: how long
 * a purchase is not listed (Shippo). `queues`: purchases are answered before the carrier has answered, until the next
 * `finishQueued` (Shippo). `priceRise`: minor units that each rate is dearer from now on.
 */
type LabelSettings = {
  balance: number | null;
  refunds: RefundPolicy;
  hiddenMs: number;
  queues: boolean;
  priceRise: number;
};

export type SimulatedPurchase = {
  purchaseId: string;
  shipmentId: string;
  reference: string;
  label: string | null;
  trackingNumber: string;
  minor: number;
  currency: string;
  refund: 'none' | RefundPolicy;
  isScanned: boolean;
};

/** A simulator of a provider of labels, in this process or in one of its own. */
export type LabelServer = {
  url: string;
  /** `host:port`, for the list of allowed private hosts: labels are fetched from here. */
  host: string;
  /** Two accounts: one does not see the shipments of the other. */
  apiKey: string;
  otherKey: string;
  /** A key of the first account for tests only. */
  testKey: string;
  ledger: () => Promise<LabelLedgerEntry[]>;
  purchases: () => Promise<SimulatedPurchase[]>;
  /** `POST /v2/shipments` and so on, without the query, in the order of their arrival. */
  requests: () => Promise<string[]>;
  set: (settings: Partial<LabelSettings>) => Promise<void>;
  /** From now on the key is refused, or accepted again. */
  revoke: (key: string, isRevoked?: boolean) => Promise<void>;
  /** The carrier has the parcel. */
  scan: (trackingNumber: string) => Promise<void>;
  /** Ends all refunds that were asked for. */
  endRefunds: (how: 'refunded' | 'rejected') => Promise<void>;
  /** The carriers answer all queued purchases. */
  finishQueued: () => Promise<void>;
  stop: () => Promise<void>;
};

export type LabelServerOptions = { ledgerPath?: string; port?: number };

export type SimRequest = {
  method: string;
  path: string;
  query: URLSearchParams;
  key: string;
  body: Record<string, unknown>;
};
export type SimAnswer = { status: number; body: unknown };

/** Of a kind of provider: its routes, and how it reads a request's key. */
type Kind = {
  name: 'easypost' | 'shippo';
  keys: { apiKey: string; otherKey: string; testKey: string };
  keyOf: (authorization: string) => string;
  unauthorized: SimAnswer;
  routes: (shop: Shop) => { answer: (request: SimRequest) => SimAnswer; finishQueued?: () => void };
};

/** State that both kinds share. */
export type Shop = {
  settings: LabelSettings;
  purchases: SimulatedPurchase[];
  /** Charges the account. False where the money does not suffice; then nothing is charged. */
  charge: (purchase: SimulatedPurchase) => boolean;
  /** Asks for the money back, as `settings.refunds` says. */
  refund: (purchase: SimulatedPurchase) => void;
  fileUrl: (purchase: Pick<SimulatedPurchase, 'trackingNumber'>) => string;
  newTrackingNumber: () => string;
};

export async function startLabelServer(kind: Kind, options: LabelServerOptions = {}): Promise<LabelServer> {
  const ledger = createLabelLedger(options.ledgerPath);
  const shop = createShop(ledger.add, () => url);
  const { answer, finishQueued } = kind.routes(shop);
  const revoked = new Set<string>();
  const requests: string[] = [];
  let url = '';
  const server = http.createServer((incoming, response) => {
    void serve(incoming, response).catch(() => response.destroy());
  });
  const accepted = new Set(Object.values(kind.keys));

  async function serve(incoming: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(incoming.url ?? '/', url);
    const file = /^\/files\/(\w+)\.png$/.exec(pathname);
    if (file) return void response.writeHead(200, { 'content-type': 'image/png' }).end(plainLabel(file[1]!));
    const body = await jsonOf(incoming);
    requests.push(`${incoming.method} ${pathname}`);
    const key = kind.keyOf(incoming.headers.authorization ?? '');
    const isKnown = accepted.has(key) && !revoked.has(key);
    const request = {
      method: incoming.method ?? 'GET',
      path: pathname.replace(/\/$/, ''),
      query: searchParams,
      key,
      body,
    };
    const { status, body: said } = isKnown ? answer(request) : kind.unauthorized;
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(said));
  }

  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  url = `http://127.0.0.1:${port}`;
  return {
    url,
    host: `127.0.0.1:${port}`,
    ...kind.keys,
    ledger: async () => ledger.entries(),
    purchases: async () => shop.purchases.map((purchase) => ({ ...purchase })),
    requests: async () => [...requests],
    set: async (settings) => void Object.assign(shop.settings, settings),
    revoke: async (key, isRevoked = true) => void (isRevoked ? revoked.add(key) : revoked.delete(key)),
    scan: async (number) =>
      shop.purchases.filter(({ trackingNumber }) => trackingNumber === number).forEach((one) => (one.isScanned = true)),
    endRefunds: async (how) => endRefunds(shop, how, ledger.add),
    finishQueued: async () => finishQueued?.(),
    stop: async () => {
      server.close();
      server.closeAllConnections();
      ledger.close();
    },
  };
}

function createShop(add: (entry: LabelLedgerEntry) => void, url: () => string): Shop {
  const settings: LabelSettings = { balance: null, refunds: 'submitted', hiddenMs: 0, queues: false, priceRise: 0 };
  const purchases: SimulatedPurchase[] = [];
  return {
    settings,
    purchases,
    charge: (purchase) => {
      if (settings.balance !== null && settings.balance < purchase.minor) return false;
      if (settings.balance !== null) settings.balance -= purchase.minor;
      add(entryOf('charge', purchase));
      purchases.push(purchase);
      return true;
    },
    refund: (purchase) => {
      if (purchase.refund === 'submitted' || purchase.refund === 'refunded') return;
      purchase.refund = settings.refunds;
      if (purchase.refund === 'refunded') add(entryOf('refund', purchase));
    },
    fileUrl: ({ trackingNumber }) => `${url()}/files/${trackingNumber}.png`,
    newTrackingNumber: () =>
      `940011${String(randomInt(1e8)).padStart(8, '0')}${String(randomInt(1e8)).padStart(8, '0')}`,
  };
}

function endRefunds({ purchases }: Shop, how: 'refunded' | 'rejected', add: (entry: LabelLedgerEntry) => void): void {
  for (const purchase of purchases.filter(({ refund }) => refund === 'submitted')) {
    purchase.refund = how;
    if (how === 'refunded') add(entryOf('refund', purchase));
  }
}

const entryOf = (kind: LabelLedgerEntry['kind'], purchase: SimulatedPurchase): LabelLedgerEntry => {
  const { refund: _refund, isScanned: _isScanned, ...rest } = purchase;
  return { kind, ...rest };
};

async function jsonOf(incoming: http.IncomingMessage): Promise<Record<string, unknown>> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  const text = Buffer.concat(parts).toString();
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}

/** A page of 4 × 6 inches with nothing but the number's barcode: cheap to draw, and no two are alike. */
function plainLabel(trackingNumber: string): Uint8Array {
  const canvas = createCanvas(1_200, 1_800);
  for (const { from, width } of code128(trackingNumber)?.bars ?? [])
    fill(canvas, { x: 100 + from * 4, y: 800, width: width * 4, height: 100 });
  return canvas.png(300);
}
