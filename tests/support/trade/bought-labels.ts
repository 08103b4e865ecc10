import type { Client } from '@temporalio/client';
import { createLabelActivities } from '../../../activities/labels/index.ts';
import { rateParcel } from '../../../activities/labels/rate.ts';
import type { Deps } from '../../../activities/deps.ts';
import { createSafeFetch } from '../../../activities/channels/safe-fetch.ts';
import { newId } from '../../../db/engine/ids.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { insertLabel, requireLabel, type Label } from '../../../db/labels/labels.ts';
import { requireQuote, requireRating } from '../../../db/labels/ratings.ts';
import { requireOrder } from '../../../db/orders/view.ts';
import { startEasyPostServer, startShippoServer } from '../fakes/label-servers.ts';
import { startFaultProxy } from '../fakes/fault-proxy.ts';
import { aMerchant, anIncomingOrder, aSku, storeOrderFor } from './database-trade.ts';
import { aDock, aLabelAccount, box, dock, labelDeps } from './label-trade.ts';

/** Labels below the API and without Temporal: activities, a database, and a provider behind a fault proxy. */

export type Provider = Awaited<ReturnType<typeof startProvider>>;

/** Labels are fetched past the proxy, so that a fault concerns calls of the API alone. */
export async function startProvider(kind: 'easypost' | 'shippo') {
  const server = await (kind === 'easypost' ? startEasyPostServer() : startShippoServer());
  const proxy = await startFaultProxy({ target: server.url });
  const path = kind === 'easypost' ? /\/buy$/ : /\/transactions\/?$/;
  return {
    kind,
    server,
    proxy,
    labelUrls: { easypost: proxy.url, shippo: proxy.url },
    fetch: createSafeFetch({ allowedPrivateHosts: [server.host] }),
    /** The call that costs money. */
    isPurchase: ({ method, path: asked }: { method: string; path: string }) =>
      method === 'POST' && path.test(asked.split('?')[0]!),
    async charged() {
      return (await server.ledger()).filter((entry) => entry.kind === 'charge');
    },
    stop: async () => {
      await proxy.close();
      await server.stop();
    },
  };
}

/** Remembers the workflows that activities start. */
function aFakeTemporal() {
  const started: string[] = [];
  const note = (_type: string, { workflowId }: { workflowId: string }) =>
    Promise.resolve(void started.push(workflowId));
  return { started, client: { workflow: { start: note, signalWithStart: note } } as unknown as Client };
}

export type Buyer = Awaited<ReturnType<typeof aBuyer>>;

/** An account with a label account at this provider, and an address to ship from. */
export async function aBuyer(pool: Pool, provider: Provider, { to = {} }: { to?: Partial<typeof dock> } = {}) {
  const merchant = await aMerchant(pool);
  const { accountId } = merchant;
  const labelAccountId = await aLabelAccount(pool, accountId, {
    provider: provider.kind,
    apiKey: provider.server.apiKey,
  });
  await aDock(pool, accountId);
  const sku = await aSku(pool, accountId);
  /** Milliseconds by which the clock of the activities is ahead. */
  const clock = { ahead: 0 };
  const temporal = aFakeTemporal();
  const deps: Deps = labelDeps(pool, {
    labelUrls: provider.labelUrls,
    fetch: provider.fetch,
    client: temporal.client,
    now: () => new Date(Date.now() + clock.ahead),
  });
  const read = (id: string) => withAccount(pool, accountId, (db) => requireLabel(db, id));
  return {
    accountId,
    labelAccountId,
    deps,
    clock,
    started: temporal.started,
    activities: createLabelActivities(deps),
    read,
    order: (id: string) => withAccount(pool, accountId, (db) => requireOrder(db, id)),
    row: (id: string) => withAccount(pool, accountId, (db) => db('labels').where({ id }).first()),
    /** A label that is asked for, of an order of its own with two units. */
    async label(): Promise<{ orderId: string; labelId: string }> {
      const shipTo = { ...dock, name: 'Ada Example', address1: '1 Main Street', postalCode: '97209', ...to };
      const order = anIncomingOrder([{ sku, quantity: 2 }], { shipTo });
      const { orderId } = await storeOrderFor(pool, merchant, order);
      const { quote, content } = await aQuote(deps, accountId, orderId);
      const labelId = newId('label');
      await withAccount(pool, accountId, (db) =>
        insertLabel(db, { ...quote, id: labelId, quoteId: quote.id, maxCost: quote.cost, content, actor: aPerson }),
      );
      return { orderId, labelId };
    },
  };
}

const aPerson: Label['actor'] = { kind: 'account', id: 'key_1' };

/** The cheapest quote of all open units. */
async function aQuote(deps: Deps, accountId: string, orderId: string) {
  const ratingId = newId('rating');
  const plain = { lines: null, shipFromWarehouseId: null, insuredValue: null, signature: 'none' } as const;
  await rateParcel(deps, { ratingId, orderId, isReturn: false, content: { parcel: box, ...plain } });
  return withAccount(deps.pool, accountId, async (db) => {
    const { content, quotes } = await requireRating(db, ratingId);
    return { content, quote: await requireQuote(db, orderId, quotes[0]!.id) };
  });
}
