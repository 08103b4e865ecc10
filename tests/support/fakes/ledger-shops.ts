/** How a call of the shop ends. With `lost` and `failing` the shop has done it; with `away` and `denied` it has not. */
export type CallMode = 'ok' | 'lost' | 'failing' | 'away' | 'denied';

export type LedgerShop = {
  fetch: (url: string, init?: RequestInit) => Promise<Response>;
  /** How the next writing calls end; later calls succeed. */
  treat(modes: readonly CallMode[]): void;
  /** Fulfillments that the shop shows now, by tracking number. */
  live(): string[];
  /** `created`: how many shipments the shop got, repeats left out. `voided`: how many of them were voided. */
  counts(): { created: number; voided: number };
};

function network() {
  let modes: CallMode[] = [];
  return {
    treat: (next: readonly CallMode[]) => void (modes = [...next]),
    /** Does the call and loses its answer, each as `network` says. */
    through: (act: () => Response): Response => {
      const mode = modes.shift() ?? 'ok';
      if (mode === 'away') throw networkError('ECONNREFUSED');
      if (mode === 'denied') return new Response('no', { status: 401 });
      const answer = act();
      if (mode === 'lost') throw networkError('ECONNRESET');
      return mode === 'failing' ? new Response('oops', { status: 500 }) : answer;
    },
  };
}

const networkError = (code: string) =>
  new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });

type Message = { type: string; trackingNumber: string };

/** A merchant's own endpoint, which recognizes repeats by `webhook-id` only. */
export function anEndpoint(): LedgerShop {
  const { treat, through } = network();
  const done = new Map<string, Message>();
  const ofType = (type: string) => [...done.values()].filter((message) => message.type === `shipment.${type}`);
  return {
    treat,
    fetch: async (_url, init) =>
      through(() => {
        const id = new Headers(init?.headers).get('webhook-id')!;
        if (!done.has(id)) done.set(id, JSON.parse(init?.body as string) as Message);
        return new Response(null, { status: 200 });
      }),
    live: () => {
      const last = [...done.values()].at(-1);
      return last && last.type !== 'shipment.voided' ? [last.trackingNumber] : [];
    },
    counts: () => ({ created: ofType('pushed').length, voided: ofType('voided').length }),
  };
}

type Fulfillment = { id: string; state: string; code: string; url: string; method: string; shipmentId: string };
type Variables = { input?: Record<string, unknown>; id?: string; state?: string };

/** A Vendure with one order of three units, line `r1`. Without the companion it stores no reference of ours. */
export function aVendure({ hasCompanion }: { hasCompanion: boolean }): LedgerShop & { cancelOrder(): void } {
  const { treat, through } = network();
  const fulfillments: Fulfillment[] = [];
  let isCancelled = false;
  const find = (id: unknown) => fulfillments.find((one) => one.id === id)!;

  const mutate = (query: string, { input = {}, id, state }: Variables): unknown => {
    if (query.includes('addFulfillmentToOrder')) return { result: create(fulfillments, input) };
    if (query.includes('transitionFulfillmentToState')) {
      find(id).state = state!;
      return { result: { __typename: 'Fulfillment', id } };
    }
    Object.assign(find(input['id']), {
      code: input['trackingCode'],
      method: input['method'],
      url: input['trackingUrl'],
    });
    return { result: { id: input['id'] } };
  };
  const read = (query: string): Response => {
    if (query.includes('vendorPortalsCompanion') && !hasCompanion) return Response.json(unknownField);
    if (query.includes('globalSettings')) return Response.json({ data: { ...settings, vendorPortalsCompanion: { version: '1' } } }); // prettier-ignore
    return Response.json({ data: { order: orderOf(fulfillments, { hasCompanion, isCancelled }) } });
  };
  return {
    treat,
    fetch: async (_url, init) => {
      const { query, variables } = JSON.parse(init?.body as string) as { query: string; variables: Variables };
      if (!query.startsWith('mutation')) return read(query);
      return through(() => Response.json({ data: mutate(query, variables) }));
    },
    live: () => fulfillments.filter(({ state }) => state !== 'Cancelled').map(({ code }) => code),
    counts: () => ({
      created: fulfillments.length,
      voided: fulfillments.filter(({ state }) => state === 'Cancelled').length,
    }),
    cancelOrder: () => void (isCancelled = true),
  };
}

const settings = { globalSettings: { trackInventory: true, serverConfig: { moneyStrategyPrecision: 2 } } };
const unknownField = { errors: [{ message: 'unknown', extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] };

function create(fulfillments: Fulfillment[], input: Record<string, unknown>): object {
  const { arguments: given } = input['handler'] as { arguments: { name: string; value: string }[] };
  const value = (name: string) => given.find((one) => one.name === name)?.value ?? '';
  const id = String(fulfillments.length + 1);
  fulfillments.push({
    id,
    state: 'Pending',
    code: value('trackingCode'),
    url: value('trackingUrl'),
    method: value('method'),
    shipmentId: value('shipmentId'),
  });
  return { __typename: 'Fulfillment', id };
}

function orderOf(
  fulfillments: Fulfillment[],
  { hasCompanion, isCancelled }: { hasCompanion: boolean; isCancelled: boolean },
) {
  const time = '2026-11-20T10:00:00.000Z';
  return {
    id: '1',
    code: 'A1',
    state: isCancelled ? 'Cancelled' : 'PaymentSettled',
    currencyCode: 'EUR',
    createdAt: time,
    updatedAt: time,
    orderPlacedAt: time,
    lines: [
      {
        id: 'r1',
        quantity: 3,
        orderPlacedQuantity: 3,
        unitPriceWithTax: 100,
        productVariant: { id: 'v1', sku: 'S', name: 'N' },
      },
    ],
    fulfillments: fulfillments.map(({ id, state, code, url, method, shipmentId }) => ({
      id,
      state,
      method,
      trackingCode: code,
      lines: [{ orderLineId: 'r1', quantity: 2 }],
      ...(hasCompanion && { customFields: { shipmentId, trackingUrl: url } }),
    })),
  };
}
