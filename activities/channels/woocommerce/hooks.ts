import { createHash } from 'node:crypto';
import { z } from 'zod';
import { ChannelError } from '../channel.ts';
import type { WooCommerceApi } from './api.ts';

/** In the trash an order is `deleted`. */
const topics = ['order.created', 'order.updated', 'order.deleted', 'order.restored'] as const;

const hookSchema = z.object({ id: z.int(), name: z.string(), topic: z.string(), delivery_url: z.string() });
type Hook = z.infer<typeof hookSchema>;

/** By it this channel's hooks are recognized. Another account may have its own in the same shop. */
const nameFor = (secret: string): string =>
  `Vendor Portals ${createHash('sha256').update(secret).digest('hex').slice(0, 12)}`;

/**
 * The shop lets a hook be made twice, so it lists first. Each hook there gets our secret and is switched on again: the shop
 * switches a hook off once several messages in a row have failed, and never on.
 */
export async function ensureWebhooks(api: WooCommerceApi, { url, secret }: { url: string; secret: string }) {
  const there = (await listHooks(api)).filter(({ delivery_url }) => delivery_url === url);
  for (const topic of topics) {
    const [hook, ...others] = there.filter((candidate) => candidate.topic === topic);
    const body = { name: nameFor(secret), topic, delivery_url: url, secret, status: 'active' };
    const place = hook ? ({ method: 'PUT', path: `webhooks/${hook.id}` } as const) : ({ method: 'POST', path: 'webhooks' } as const); // prettier-ignore
    await api.call({ ...place, body, answer: z.unknown() });
    for (const other of others) await remove(api, other);
  }
}

/** Removes this channel's hooks, as far as the shop lets us. */
export async function removeWebhooks(api: WooCommerceApi, secret: string): Promise<void> {
  const name = nameFor(secret);
  for (const hook of (await listHooks(api)).filter((candidate) => candidate.name === name)) await remove(api, hook);
}

async function listHooks(api: WooCommerceApi): Promise<Hook[]> {
  const hooks: Hook[] = [];
  for (let page = 1; ; page += 1) {
    const query = { per_page: '100', page: String(page), orderby: 'id', order: 'asc' };
    const found = await api.call({ path: 'webhooks', query, answer: z.array(hookSchema) });
    hooks.push(...found);
    if (found.length < 100) return hooks;
  }
}

/** Without `force` the shop refuses: hooks have no trash. Another may have removed it meanwhile. */
async function remove(api: WooCommerceApi, { id }: Hook): Promise<void> {
  const request = { method: 'DELETE', path: `webhooks/${id}`, query: { force: 'true' }, answer: z.unknown(), missing: 'channel' } as const; // prettier-ignore
  const attempt = await api.attempt(request);
  if ('fault' in attempt && attempt.fault.kind !== 'gone') throw new ChannelError(attempt.fault);
}
