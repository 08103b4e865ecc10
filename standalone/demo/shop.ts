import { join } from 'node:path';
import type { NewChannel } from '../../clients/typescript/src/index.ts';
import { startPostgres } from '../postgres/postgres.ts';
import { StartError } from '../start-error.ts';
import { startMedusaShop } from './medusa-shop.ts';
import { startVendureShop } from './vendure-shop.ts';

export const shopNames = { vendure: 'Vendure', medusa: 'Medusa' } as const;
export type DemoShopKind = keyof typeof shopNames;

/** A real shop, as far as the demo uses it. */
export type DemoShop = {
  kind: DemoShopKind;
  /** For people. */
  name: string;
  /** Of its Admin API, and how a person signs in there. */
  admin: string;
  /** The shop as a new channel; `webhookSecret` signs its messages. */
  asChannel(webhookSecret: string): Promise<NewChannel>;
  url: string;
  placeOrder(lines: { sku: string; quantity: number }[]): Promise<{ id: string; number: string }>;
  /** `state`: in the shop's own word. */
  progressOf(id: string): Promise<{ state: string; isShipped: boolean; trackings: string[] }>;
  /** Units that the shop can sell. */
  available(sku: string): Promise<number>;
  setWebhookTarget(url: string, secret: string): Promise<void>;
  stop(): Promise<void>;
};

type Place = { port: number; dataDir: string };

/** @throws StartError for a shop that the demo does not have */
export function chosenShop(args: readonly string[]): DemoShopKind {
  const at = args.indexOf('--shop');
  const kind = at === -1 ? 'vendure' : args[at + 1];
  if (kind !== undefined && Object.hasOwn(shopNames, kind)) return kind as DemoShopKind;
  throw new StartError(`--shop takes one of: ${Object.keys(shopNames).join(', ')}.`);
}

/** Starts the shop on its own data below the data folder, which the next demo goes on with. */
export const startDemoShop = (kind: DemoShopKind, place: Place): Promise<DemoShop> => starts[kind](place);

const starts: Readonly<Record<DemoShopKind, (place: Place) => Promise<DemoShop>>> = { vendure, medusa };

async function vendure({ port, dataDir }: Place): Promise<DemoShop> {
  const shop = await startVendureShop({ port, dataDir: join(dataDir, 'shop') });
  const login = { username: 'superadmin', password: 'superadmin' };
  return {
    ...shop,
    kind: 'vendure',
    name: shopNames.vendure,
    admin: `${shop.adminUrl} (superadmin, superadmin)`,
    asChannel: async (webhookSecret) => ({
      kind: 'vendure',
      name: 'Vendure shop',
      settings: { url: shop.url },
      credentials: { ...login, webhookSecret },
    }),
    placeOrder: async (lines) => {
      const { id, code } = await shop.placeOrder({ lines });
      return { id, number: code };
    },
    progressOf: async (id) => {
      const { state, fulfillments } = await shop.order(id);
      return { state, isShipped: state === 'Shipped', trackings: fulfillments.map(({ trackingCode }) => trackingCode) };
    },
    available: async (sku) => (await shop.stockOf(sku)).available,
  };
}

/** With a Postgres of its own, since the service's may be one that the person gave. */
async function medusa({ port, dataDir }: Place): Promise<DemoShop> {
  const postgres = await startPostgres({ dataDir: join(dataDir, 'medusa/postgres'), log: () => undefined });
  const database = new URL(postgres.superuserUrl);
  database.pathname = '/medusa';
  const shop = await startMedusaShop({ databaseUrl: database.href, port }).catch(async (error: unknown) => {
    await postgres.stop();
    throw error;
  });
  return {
    ...shop,
    kind: 'medusa',
    name: shopNames.medusa,
    admin: `${shop.adminUrl} (admin@example.com, supersecret)`,
    asChannel: async (webhookSecret) => {
      const { apiKey } = await shop.createApiKey('Vendor Portals');
      const settings = { url: shop.url };
      return { kind: 'medusa', name: 'Medusa shop', settings, credentials: { apiKey, webhookSecret } };
    },
    placeOrder: async (lines) => {
      const { id, display_id: number } = await shop.placeOrder({ lines });
      return { id, number: String(number) };
    },
    progressOf: async (id) => {
      const { fulfillment_status: state, fulfillments } = await shop.order(id);
      const trackings = fulfillments.flatMap(({ labels }) => labels.map((label) => label.tracking_number));
      return { state, isShipped: state === 'shipped', trackings };
    },
    available: async (sku) => (await shop.stockOf(sku)).available,
    stop: async () => {
      await shop.stop();
      await postgres.stop();
    },
  };
}
