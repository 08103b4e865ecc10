import { z } from 'zod';
import type { Access } from '../channel.ts';
import type { Call } from './api.ts';
import { documents } from './documents.ts';
import { shopifyPermissions, type ShopifySettings } from './kind.ts';

/** Without a right of its own an app sees the orders of the last 60 days alone. */
const visibleMs = 60 * 86_400_000;

type Shop = { call: Call; settings: ShopifySettings; now: Date };

export async function describeAccess({ call, settings: { importFrom }, now }: Shop): Promise<Access> {
  const answer = z.object({
    currentAppInstallation: z.object({ accessScopes: z.array(z.object({ handle: z.string() })) }),
    shop: z.object({ name: z.string() }),
  });
  const { currentAppInstallation, shop } = await call({ document: documents.access, answer });
  const held = new Set(currentAppInstallation.accessScopes.map(({ handle }) => handle));
  const isOld = importFrom !== undefined && now.getTime() - Date.parse(importFrom) > visibleMs;
  // A right to write contains the right to read.
  const has = (scope: string) => held.has(scope) || held.has(scope.replace(/^read_/, 'write_'));
  const scopes = shopifyPermissions.map(({ name }) => name);
  const missing = [...scopes, ...(isOld ? ['read_all_orders'] : [])].filter((scope) => !has(scope));
  const locations = missing.includes('read_locations') ? [] : await listLocations(call);
  return { account: shop.name, missing, unproven: [], locations };
}

/** Those that are active. A shop has 200 at most, and few have more than 50. */
export async function listLocations(call: Call): Promise<{ id: string; name: string }[]> {
  const answer = z.object({ locations: z.object({ nodes: z.array(z.object({ id: z.string(), name: z.string() })) }) });
  return (await call({ document: documents.locations, answer })).locations.nodes;
}
