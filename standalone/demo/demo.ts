import { join } from 'node:path';
import { loadStandaloneConfig } from '../../config.ts';
import { merchantName, openAccounts, supplierName, type DemoAccounts } from './accounts.ts';
import { savePaper } from './label.ts';
import { leaveAnOrder, walk, type Walked } from './walk.ts';
import type { Engine } from '../engine.ts';
import { signInLinks } from '../people.ts';
import { claimPort } from '../processes/ports.ts';
import type { Progress } from '../progress.ts';
import { report, runService, type Companion, type Service } from '../service.ts';
import { chosenShop, shopNames, startDemoShop, type DemoShop, type DemoShopKind } from './shop.ts';

/** `npm run demo`: an order on a real shop, stage by stage. `--once` ends after the walk, `--shop medusa` takes that shop. */
const endsAfterWalk = process.argv.includes('--once');
const shopKind = chosenOrEnd();
let shop: DemoShop;

await runService(
  {
    title: `Vendor Portals and a real ${shopNames[shopKind]} shop are starting. The first time takes a minute or two.`,
    beside: startShop,
    ready: async (service) => {
      const { operatorKey, dataDir } = service.engine;
      const accounts = await openAccounts({ api: service.api, operatorKey, dataDir, shop });
      await shop.setWebhookTarget(`${service.api}/v1/hooks/${accounts.channelId}`, accounts.webhookSecret);
      const walked = await walk(accounts, shop, report);
      const paper = await savePaper(accounts.supplier, walked.label, join(dataDir, 'paper'));
      report(`\nThe label and the packing slip of ${supplierName}:\n\n${paper.map((path) => `  ${path}`).join('\n')}`);
      if (endsAfterWalk) return 'end';
      const waiting = await leaveAnOrder(accounts, shop);
      report(howToLookAround(service, { ...accounts, walked, waiting, links: await portalLinks(service, accounts) }));
      return 'stay';
    },
  },
  loadStandaloneConfig,
);

/** Before anything has started. */
function chosenOrEnd(): DemoShopKind {
  try {
    return chosenShop(process.argv);
  } catch (error) {
    console.error((error as Error).message);
    process.exit(1);
  }
}

async function startShop({ dataDir }: Engine, progress: Progress): Promise<Companion> {
  const { SHOP_PORT } = loadStandaloneConfig();
  const what = `the ${shopNames[shopKind]} shop`;
  const port = await claimPort({ port: SHOP_PORT, variable: 'SHOP_PORT', what, host: '127.0.0.1' });
  const ready = progress.stage(`${what} is ready`, async () => {
    shop = await startDemoShop(shopKind, { port, dataDir });
    return shop;
  });
  const stop = async () => (await ready.catch(() => undefined))?.stop();
  return { env: { ALLOWED_PRIVATE_HOSTS: `127.0.0.1:${port}` }, ready, stop };
}

/** One person, member of both companies: both links sign in to the same session. */
async function portalLinks({ engine, api }: Service, { accountIds }: DemoAccounts): Promise<Links> {
  const { environment } = engine;
  const place = { appUrl: environment['DATABASE_URL']!, systemUrl: environment['DATABASE_SYSTEM_URL']! };
  const person = {
    email: 'dana@demo.example',
    name: 'Dana Whitfield',
    memberships: Object.values(accountIds).map((accountId) => ({ accountId, role: 'admin' as const })),
  };
  const portal = loadStandaloneConfig().PUBLIC_URL ?? api;
  const pages = [accountIds.supplier, accountIds.merchant].map((id) => `/portal/${id}/orders`);
  const [supplier, merchant] = await signInLinks({ ...place, portal }, person, pages);
  return { supplier: supplier!, merchant: merchant! };
}

type Links = { supplier: string; merchant: string };
type Shown = { keys: { merchant: string; supplier: string }; walked: Walked; waiting: string; links: Links };

function howToLookAround({ engine, api }: Service, { keys, walked, waiting, links }: Shown): string {
  const ui = engine.environment['TEMPORAL_UI_URL'];
  return `
Everything stays up until Ctrl-C; the data stays in ${engine.dataDir}.

Look around (signs in by itself; each link works once, for 24 hours):

  ${supplierName}, the supplier    ${links.supplier}
  ${merchantName}, the merchant    ${links.merchant}

Order ${waiting} waits in ${supplierName}'s queue: ship it, and look at it in the merchant's tab and in the shop.

For programs:

  API reference    ${api}/docs
  This dropship    ${ui}/namespaces/default/workflows/dropship%2F${walked.dropshipId}
  ${`${shop.name} admin`.padEnd(16)} ${shop.admin}
  Merchant's key   ${keys.merchant}
  Supplier's key   ${keys.supplier}
  Operator's key   ${engine.operatorKey}

The order as the supplier sees it, and its timeline at the merchant:

  curl ${api}/v1/orders/${walked.supplierOrderId} -H 'Authorization: Bearer ${keys.supplier}'
  curl ${api}/v1/orders/${walked.orderId}/events -H 'Authorization: Bearer ${keys.merchant}'
`;
}
