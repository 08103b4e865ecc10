import { describe, expect, it } from '@jest/globals';
import { ChannelError, type Fault } from '../../../../activities/channels/channel.ts';
import { createVendureFactory } from '../../../../activities/channels/vendure/vendure.ts';

type Answering = { refuse?: string[]; code?: string; locations?: string[]; chosen?: string };

/** A shop of variants `v0`, `v1`, …, each with 10 on hand, of which orders hold 2; a batch with one it refuses fails whole. */
function aShop({ refuse = [], code = 'USER_INPUT_ERROR', locations = ['1'], chosen }: Answering = {}) {
  const onHand = new Map<string, number>();
  const variant = (id: string) => ({
    id,
    trackInventory: 'TRUE',
    stockLevels: [{ stockLocationId: '1', stockOnHand: onHand.get(id) ?? 10, stockAllocated: 2 }],
  });
  let calls = 0;
  const answer = (query: string, variables: Record<string, unknown>) => {
    if (query.includes('globalSettings')) return { data: settings };
    if (query.includes('stockLocations('))
      return { data: { stockLocations: { items: locations.map((id) => ({ id, name: `Shelf ${id}` })) } } };
    if (!query.includes('updateProductVariants')) {
      const items = (variables['ids'] as string[]).map(variant);
      return { data: { productVariants: { items } } };
    }
    calls += 1;
    const input = variables['input'] as { id: string; stockLevels: { stockOnHand: number }[] }[];
    if (input.some(({ id }) => refuse.includes(id))) return { errors: [{ message: 'no', extensions: { code } }] };
    for (const { id, stockLevels } of input) onHand.set(id, stockLevels[0]!.stockOnHand);
    return { data: { updateProductVariants: input.map(({ id }) => variant(id)) } };
  };
  const fetch = async (_url: string, init?: RequestInit) => {
    const { query, variables } = JSON.parse(init?.body as string) as {
      query: string;
      variables: Record<string, unknown>;
    };
    return Response.json(answer(query, variables));
  };
  const tools = {
    fetch,
    now: () => new Date(),
    connectedAt: new Date(0),
    signal: new AbortController().signal,
    renewCredentials: async (used: unknown) => used,
    ownProducts: async () => [],
  };
  const given = { url: 'https://shop.example', ...(chosen && { stockLocationId: chosen }) };
  const channel = createVendureFactory(new Map())(given, { apiKey: 'k' }, tools);
  return {
    write: (count: number) => channel.writeInventory(Array.from({ length: count }, (_, index) => aWrite(index))),
    onHand,
    calls: () => calls,
  };
}

const settings = {
  globalSettings: { trackInventory: true, serverConfig: { moneyStrategyPrecision: 2 } },
  vendorPortalsCompanion: { version: '1' },
};
const aWrite = (index: number) => ({
  listingId: `lst_${index}`,
  remoteProductId: `v${index}`,
  sku: `SKU-${index}`,
  available: 30 + index,
  version: 1,
});
const faultOf = async (call: Promise<unknown>): Promise<Fault | undefined> =>
  call.then(
    () => undefined,
    (error: unknown) => (error instanceof ChannelError ? error.fault : undefined),
  );

describe('a batch that the shop fails as a whole', () => {
  it.each([
    ['refuses', 'USER_INPUT_ERROR', { kind: 'invalid', field: 'request', code: 'user_input_error' }],
    ['has lost', 'ENTITY_NOT_FOUND', { kind: 'gone', what: 'listing' }],
    ['cannot store', 'INTERNAL_SERVER_ERROR', { kind: 'unknown_outcome' }],
  ])('is halved until the one that it %s is found; all others are written', async (_verb, code, fault) => {
    const shop = aShop({ refuse: ['v37'], code });

    const outcomes = await shop.write(100);

    expect(outcomes.filter(({ outcome }) => outcome === 'failed')).toEqual([
      { listingId: 'lst_37', outcome: 'failed', fault },
    ]);
    expect(shop.onHand.size).toBe(99);
    // Our available, and what the shop's own orders hold.
    expect(shop.onHand.get('v5')).toBe(37);
    expect(shop.calls()).toBeLessThan(20);
  });

  it('ends the run when the shop takes none of it and does not say why', async () => {
    const everything = Array.from({ length: 40 }, (_, index) => `v${index}`);
    const shop = aShop({ refuse: everything, code: 'INTERNAL_SERVER_ERROR' });

    expect(await faultOf(shop.write(40))).toEqual({ kind: 'unknown_outcome' });
  });

  it('ends the run at once when the shop does not know the mutation: no listing is to blame', async () => {
    const shop = aShop({ refuse: ['v3'], code: 'GRAPHQL_VALIDATION_FAILED' });

    expect(await faultOf(shop.write(40))).toMatchObject({ kind: 'invalid', field: 'document' });
    expect(shop.calls()).toBe(1);
  });
});

describe('a shop with several locations', () => {
  it('gets no stock until one is chosen: the first may be a warehouse of its own', async () => {
    const open = aShop({ locations: ['1', '2'] });
    const chosen = aShop({ locations: ['1', '2'], chosen: '1' });

    expect(await faultOf(open.write(1))).toEqual({
      kind: 'invalid',
      field: 'stockLocationId',
      code: 'several_locations',
    });
    expect(open.onHand.size).toBe(0);
    expect(await chosen.write(1)).toEqual([{ listingId: 'lst_0', outcome: 'written' }]);
  });

  it('and one with none, gets no stock', async () => {
    expect(await faultOf(aShop({ locations: [] }).write(1))).toMatchObject({
      field: 'stockLocationId',
      code: 'no_location',
    });
  });
});
