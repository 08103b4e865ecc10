import { z } from 'zod';
import type { ImportWhen } from '../kind.ts';
import { pageOf, restOf, type Call } from './api.ts';
import { documents } from './documents.ts';
import { refused } from './parse.ts';

/** An order's edits, refunds and shipments are updates of it. */
const topicsOf = (importWhen: ImportWhen) =>
  [firstTopics[importWhen ?? 'paid'], 'ORDERS_UPDATED', 'ORDERS_CANCELLED', 'APP_UNINSTALLED'] as const;
const firstTopics = { paid: 'ORDERS_PAID', placed: 'ORDERS_CREATE' } as const;
/** A message is a hint: the task reads the shop. So the buyer's data are not in it. */
const includeFields = ['admin_graphql_api_id'];

const subscriptionSchema = z.object({ id: z.string(), topic: z.string(), uri: z.string() });
const answerSchema = z.object({ result: z.object({ userErrors: z.array(z.object({})) }) });

type Shop = { call: Call; importWhen: ImportWhen };

/** Makes the subscriptions that are missing: the shop deletes those that failed for hours. */
export async function ensureWebhooks({ call, importWhen }: Shop, url: string): Promise<void> {
  const topics = topicsOf(importWhen);
  const listMissing = async () => {
    const there = await list(call, topics);
    return topics.filter((topic) => !there.some((one) => one.topic === topic && one.uri === url));
  };
  let refusals = 0;
  for (const topic of await listMissing()) {
    const variables = { topic, webhook: { uri: url, includeFields } };
    const { result } = await call({ document: documents.addWebhook, variables, answer: answerSchema });
    refusals += result.userErrors.length;
  }
  // Another worker may have made it at the same moment: the shop refuses a second one.
  if (refusals > 0 && (await listMissing()).length > 0) throw refused('webhooks', 'refused');
}

/** Removes all subscriptions of our app in this shop. */
export async function disconnect(call: Call): Promise<void> {
  const topics = [...topicsOf('paid'), firstTopics.placed];
  for (const { id } of await list(call, topics)) {
    await call({ document: documents.removeWebhook, variables: { id }, answer: answerSchema });
  }
}

async function list(call: Call, topics: readonly string[]) {
  const answer = z.object({ webhookSubscriptions: pageOf(subscriptionSchema) });
  const read = async (after: string | null) =>
    (await call({ document: documents.webhooks, variables: { topics, after }, answer })).webhookSubscriptions;
  return restOf(await read(null), read);
}
