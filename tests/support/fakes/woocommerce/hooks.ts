import { createHash, createHmac } from 'node:crypto';
import { orderJson, type Order } from './records.ts';

type Hook = {
  id: number;
  name: string;
  status: 'active' | 'paused' | 'disabled';
  topic: string;
  delivery_url: string;
  secret: string;
  failures: number;
};
export type Hooks = ReturnType<typeof createHooks>;

/** So many deliveries fail before the shop switches a hook off. */
const failureLimit = 7;

/** Messages go out one after another, each once: what is not accepted is not sent again. */
export function createHooks({ now, nextId }: { now: () => number; nextId: () => number }) {
  const hooks = new Map<number, Hook>();
  let sending: Promise<unknown> = Promise.resolve();
  const queue = (work: () => Promise<unknown>) => void (sending = sending.then(work));
  const state = { isMute: false };

  const deliver = async (hook: Hook, body: string, headers: Record<string, string>) => {
    const answer = await fetch(hook.delivery_url, { method: 'POST', body, headers }).catch(() => undefined);
    if (answer?.ok) return;
    hook.failures += 1;
    if (hook.failures >= failureLimit) hook.status = 'disabled';
  };
  return {
    hooks,
    state,
    /** Once each message of the shop is sent. */
    idle: () => sending,
    add: (given: Pick<Hook, 'name' | 'topic' | 'delivery_url' | 'secret'>): Hook => {
      const hook: Hook = { id: nextId(), status: 'active', failures: 0, ...given };
      hooks.set(hook.id, hook);
      // The ping is a form, and nobody signs it.
      const ping = { 'content-type': 'application/x-www-form-urlencoded' };
      queue(async () => fetch(hook.delivery_url, { method: 'POST', body: `webhook_id=${hook.id}`, headers: ping }).catch(() => undefined)); // prettier-ignore
      return hook;
    },
    send: (topic: string, order: Order): void => {
      if (state.isMute) return;
      const body = JSON.stringify(topic === 'order.deleted' ? { id: order.id } : orderJson(order));
      const second = Math.floor(now() / 1_000);
      for (const hook of hooks.values()) {
        if (hook.topic !== topic) continue;
        queue(
          async () => hook.status === 'active' && deliver(hook, body, signedHeaders({ hook, topic, body, second })),
        );
      }
    },
  };
}

type Message = { hook: Pick<Hook, 'id' | 'secret'>; topic: string; body: string; second: number };

/** Two messages of one hook in one second have the same delivery id. */
export function signedHeaders({ hook, topic, body, second }: Message): Record<string, string> {
  const [resource = '', event = ''] = topic.split('.');
  return {
    'content-type': 'application/json',
    'x-wc-webhook-source': 'https://shop.example/',
    'x-wc-webhook-topic': topic,
    'x-wc-webhook-resource': resource,
    'x-wc-webhook-event': event,
    'x-wc-webhook-signature': createHmac('sha256', hook.secret).update(body).digest('base64'),
    'x-wc-webhook-id': String(hook.id),
    'x-wc-webhook-delivery-id': createHash('md5').update(`${hook.id}${second}`).digest('hex'),
  };
}

/** A hook as the REST API writes it: its secret is never shown. */
export const hookJson = ({ secret: _secret, failures: _failures, ...hook }: Hook) => hook;
