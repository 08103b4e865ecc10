import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { asyncLocalStorage, type Context } from '@temporalio/activity';
import fc from 'fast-check';
import { pino } from 'pino';
import { createGate } from '../../activities/gate.ts';
import type { Deps } from '../../activities/deps.ts';
import { ChannelError, type Channel, type Fault, type Push, type Traits } from '../../activities/channels/channel.ts';
import { ask, pushShipment } from '../../activities/push-shipment.ts';
import { insertChannel } from '../../db/channels/channels.ts';
import { newId } from '../../db/engine/ids.ts';
import { requireOrder } from '../../db/orders/view.ts';
import { lockOrder } from '../../db/orders/orders.ts';
import type { Pool } from '../../db/engine/pool.ts';
import { createSealer } from '../../db/engine/sealing.ts';
import { correctShipment, voidShipment } from '../../db/shipments/corrections.ts';
import { insertShipment, requireShipment, resolveRemoteLines } from '../../db/shipments/shipments.ts';
import { withAccount, type AccountDb } from '../../db/engine/with-account.ts';
import { queuesFor } from '../../workflows/names.ts';
import { anAccount, anIncomingOrder, aSku, storeOrderFor } from '../support/trade/database-trade.ts';
import { onDatabase } from '../support/engine/database.ts';
import { anEndpoint, aVendure, type CallMode, type LedgerShop } from '../support/fakes/ledger-shops.ts';

let pool: Pool;
onDatabase(5, (opened) => {
  pool = opened;
});

const sealer = createSealer(randomBytes(32).toString('base64'));
const actor = { kind: 'account', id: 'key_1' } as const;
const secret = `whsec_${randomBytes(24).toString('base64')}`;

const shops = {
  'an endpoint': { open: anEndpoint, kind: 'api', settings: { callbackUrl: 'https://shop.example' }, credentials: { callbackSecret: secret } },
  'a Vendure with the companion': { open: () => aVendure({ hasCompanion: true }), kind: 'vendure', settings: { url: 'https://shop.example' }, credentials: { apiKey: 'k' } },
  'a Vendure without it': { open: () => aVendure({ hasCompanion: false }), kind: 'vendure', settings: { url: 'https://shop.example' }, credentials: { apiKey: 'k' } },
} as const; // prettier-ignore
type ShopName = keyof typeof shops;
const names = Object.keys(shops) as ShopName[];

/** A shipment of two units of three, tracking `T0`, recorded and not yet pushed. */
async function aShipment<Shop extends LedgerShop>(name: ShopName, shop: Shop) {
  const { kind, settings, credentials } = shops[name];
  const accountId = await anAccount(pool);
  const inside = <T>(work: (db: AccountDb) => Promise<T>) => withAccount(pool, accountId, work);
  const { id: channelId } = await inside((db) =>
    insertChannel(db, sealer, {
      kind,
      name: 'Shop',
      settings,
      credentials,
    }),
  );
  const sku = await aSku(pool, accountId);
  const incoming = anIncomingOrder([{ sku, quantity: 3 }], { remoteId: '1' });
  const { orderId } = await storeOrderFor(pool, { accountId, channelId }, incoming);
  const shipmentId = newId('shipment');
  await inside(async (db) => {
    const lines = await resolveRemoteLines(db, orderId, [{ lineId: 'r1', quantity: 2 }]);
    const tracking = {
      carrier: 'ups',
      carrierName: 'UPS',
      trackingNumber: 'T0',
      shippedAt: '2026-11-22T10:00:00.000Z',
    };
    await insertShipment(db, { ...tracking, id: shipmentId, orderId, dropshipId: null, lines }, actor);
  });
  const deps = {
    gate: createGate({ slots: 40 }), pool, sealer, fetch: shop.fetch, queues: queuesFor('-none'), now: () => new Date(), log: pino({ level: 'silent' }),
    crashPoint: () => undefined,
  } as unknown as Deps; // prettier-ignore
  const context = { cancellationSignal: new AbortController().signal } as Context;
  const see = () => inside((db) => requireShipment(db, shipmentId));
  const change = (work: (db: AccountDb) => Promise<void>) =>
    inside(async (db) => {
      await lockOrder(db, orderId);
      await work(db);
    });
  return {
    shop,
    see,
    order: () => inside((db) => requireOrder(db, orderId)),
    /** @returns null, or the code it failed with */
    push: async (modes: readonly CallMode[] = []): Promise<string | null> => {
      shop.treat(modes);
      try {
        await asyncLocalStorage.run(context, () => pushShipment(deps, { orderId, shipmentId }));
        return null;
      } catch (error) {
        const { type, code } = error as { type?: string; code?: string };
        return type ?? code ?? 'unexpected';
      }
    },
    correct: (trackingNumber: string) =>
      change(async (db) => {
        const { status, ...shipment } = await requireShipment(db, shipmentId);
        const tracking = { ...shipment, trackingNumber };
        if (status === 'recorded') await correctShipment(db, { ...shipment, status }, { tracking, actor });
      }),
    takeBack: () =>
      change(async (db) => voidShipment(db, await requireShipment(db, shipmentId), { reason: 'not_sent', actor })),
  };
}
type TestShipment = Awaited<ReturnType<typeof aShipment>>;

const open = (name: ShopName): Promise<TestShipment> => aShipment(name, shops[name].open());

describe.each(names)('%s', (name) => {
  it('that lost the answer and gets a correction has one fulfillment, with the last tracking', async () => {
    const labelled = await open(name);
    expect(await labelled.push(['lost'])).toBe('channel_outcome_unknown');
    await labelled.correct('T1');

    expect(await labelled.push()).toBeNull();

    expect(labelled.shop.live()).toEqual(['T1']);
    expect(await labelled.see()).toMatchObject({ revision: 2, confirmedAt: expect.any(String) });
  });

  it('that lost the answer to a correction and gets another has the last tracking alone', async () => {
    const labelled = await open(name);
    await labelled.push();
    await labelled.correct('T1');
    await labelled.push(['lost', 'lost', 'lost']);
    await labelled.correct('T2');

    await waitForNull(labelled);

    expect(labelled.shop.live()).toEqual(['T2']);
  });

  it('gets nothing of a shipment that was voided before', async () => {
    const labelled = await open(name);
    expect(await labelled.push(['denied'])).toBe('channel_unauthorized');
    await labelled.takeBack();

    expect(await labelled.push()).toBeNull();

    expect(labelled.shop.counts()).toEqual({ created: 0, voided: 0 });
    expect(await labelled.see()).toMatchObject({ status: 'voided', pushedAt: null, confirmedAt: expect.any(String) });
  });

  it('has one that was voided after created and cancelled once, whatever the answers', async () => {
    const labelled = await open(name);
    await labelled.push(['failing']);
    await labelled.takeBack();
    await labelled.push(['failing']);

    await waitForNull(labelled);

    expect(labelled.shop.live()).toEqual([]);
    expect(labelled.shop.counts()).toEqual({ created: 1, voided: 1 });
  });

  it('shows what our row says after any turn of things, never twice', async () => {
    const mode = fc.constantFrom<CallMode>('ok', 'ok', 'lost', 'failing', 'away', 'denied');
    const turn = fc.oneof(
      {
        arbitrary: fc.record({ do: fc.constant('push' as const), modes: fc.array(mode, { maxLength: 3 }) }),
        weight: 3,
      },
      { arbitrary: fc.record({ do: fc.constant('correct' as const) }), weight: 2 },
      { arbitrary: fc.record({ do: fc.constant('void' as const) }), weight: 1 },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(turn, { maxLength: 7 }), async (turns) => {
        const labelled = await open(name);
        for (const [index, step] of turns.entries()) {
          if (step.do === 'push') await labelled.push(step.modes);
          else if (step.do === 'correct') await labelled.correct(`T${index + 1}`);
          else await labelled.takeBack();
          expect(labelled.shop.live().length).toBeLessThanOrEqual(1);
        }
        await waitForNull(labelled);
        const { status, trackingNumber } = await labelled.see();
        const { created, voided } = labelled.shop.counts();
        expect(labelled.shop.live()).toEqual(status === 'voided' ? [] : [trackingNumber]);
        if (name !== 'a Vendure without it') expect([created, voided]).toEqual([created, status === 'voided' ? created : 0]);
        if (name !== 'a Vendure without it') expect(created).toBeLessThanOrEqual(1);
      }),
      { numRuns: 40 },
    ); // prettier-ignore
  }, 120_000);
});

describe('an order that its shop cancelled before the shipment was pushed', () => {
  it.each(['a Vendure with the companion', 'a Vendure without it'] as const)(
    '%s: says so, and keeps all',
    async (name) => {
      const shop = shops[name].open();
      const labelled = await aShipment(name, shop);
      shop.cancelOrder();

      expect(await labelled.push()).toBe('shipped_after_cancellation');

      expect(await labelled.see()).toMatchObject({ status: 'recorded', trackingNumber: 'T0', confirmedAt: null });
      expect(await labelled.order()).toMatchObject({ status: 'partially_shipped', lines: [{ shipped: 2 }] });
      await labelled.takeBack();
      expect(await labelled.push()).toBeNull();
      expect(labelled.shop.counts().created).toBe(0);
    },
  );
});

describe('a kind of shop that cannot', () => {
  const push = { remoteIds: ['f1'] } as Push;
  const aChannel = (correct: Traits['correct'], fault: Fault) =>
    ({
      describeTraits: async () => ({ correct }),
      correctTracking: () => Promise.reject(new Error('It takes none.')),
      voidShipment: () => Promise.reject(new ChannelError(fault)),
    }) as unknown as Channel;

  it('correct is not asked to: a person does it', async () => {
    const channel = aChannel('none', { kind: 'unavailable' });

    await expect(ask(channel, 'correct', push)).rejects.toMatchObject({ code: 'correction_not_possible' });
  });

  it('void leaves it to a person; what is gone counts as voided, what does not answer is asked again', async () => {
    const voiding = (fault: Fault) => ask(aChannel('in_place', fault), 'void', push);

    await expect(voiding({ kind: 'invalid', field: 'shipment', code: 'shipped' })).rejects.toMatchObject({
      code: 'void_not_possible',
    });
    await expect(voiding({ kind: 'gone', what: 'order' })).resolves.toMatchObject({ remoteIds: ['f1'] });
    await expect(voiding({ kind: 'gone', what: 'channel' })).rejects.toThrow(ChannelError);
    await expect(voiding({ kind: 'unknown_outcome' })).rejects.toThrow(ChannelError);
  });
});

/** Asked again as its step would, until it is done. */
async function waitForNull(labelled: TestShipment): Promise<void> {
  const tries = [await labelled.push(), await labelled.push()];
  expect(tries.at(-1)).toBeNull();
}
