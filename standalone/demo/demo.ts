import { join } from 'node:path';
import { loadStandaloneConfig } from '../../config.ts';
import { openAccounts } from './accounts.ts';
import { walk, type Walked } from './walk.ts';
import type { Engine } from '../engine.ts';
import { claimPort } from '../processes/ports.ts';
import type { Progress } from '../progress.ts';
import { report, runService, type Companion, type Service } from '../service.ts';
import { startVendureShop, type VendureShop } from './vendure-shop.ts';

/** `npm run demo`: an order on a real shop, stage by stage. With `--once` it ends after the walk. */
const endsAfterWalk = process.argv.includes('--once');
let shop: VendureShop;

await runService(
  {
    title: 'Vendor Portals and a real Vendure shop are starting. The first time takes a minute or two.',
    beside: startShop,
    ready: async (service) => {
      const { operatorKey, dataDir } = service.engine;
      const accounts = await openAccounts({
        api: service.api,
        operatorKey,
        dataDir,
        shop: { url: shop.url, username: 'superadmin', password: 'superadmin' },
      });
      await shop.setWebhookTarget(`${service.api}/v1/hooks/${accounts.channelId}`, accounts.webhookSecret);
      const walked = await walk(accounts, shop, report);
      if (endsAfterWalk) return 'end';
      report(howToLookAround(service, { ...accounts, walked }));
      return 'stay';
    },
  },
  loadStandaloneConfig,
);

async function startShop({ dataDir }: Engine, progress: Progress): Promise<Companion> {
  const { SHOP_PORT } = loadStandaloneConfig();
  const port = await claimPort({ port: SHOP_PORT, variable: 'SHOP_PORT', what: 'the Vendure shop', host: '127.0.0.1' });
  const ready = progress.stage('the Vendure shop is ready', async () => {
    shop = await startVendureShop({ port, dataDir: join(dataDir, 'shop') });
    return shop;
  });
  const stop = async () => (await ready.catch(() => undefined))?.stop();
  return { env: { ALLOWED_PRIVATE_HOSTS: `127.0.0.1:${port}` }, ready, stop };
}

type Shown = { keys: { merchant: string; supplier: string }; walked: Walked };

function howToLookAround({ engine, api }: Service, { keys, walked }: Shown): string {
  const ui = engine.environment['TEMPORAL_UI_URL'];
  return `
Everything stays up until Ctrl-C; the data stays in ${engine.dataDir}.

  API reference    ${api}/docs
  This dropship    ${ui}/namespaces/default/workflows/dropship%2F${walked.dropshipId}
  Vendure admin    ${shop.adminUrl} (superadmin, superadmin)
  Merchant's key   ${keys.merchant}
  Supplier's key   ${keys.supplier}
  Operator's key   ${engine.operatorKey}

The order as the supplier sees it, and its timeline at the merchant:

  curl ${api}/v1/orders/${walked.supplierOrderId} -H 'Authorization: Bearer ${keys.supplier}'
  curl ${api}/v1/orders/${walked.orderId}/events -H 'Authorization: Bearer ${keys.merchant}'
`;
}
