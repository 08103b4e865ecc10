import { z } from 'zod';
import { ChannelError, type ChannelTools, type Fault } from '../channel.ts';
import { classifyNetworkFailure, faultOfStatus } from '../safe-fetch.ts';

type Query = Readonly<Record<string, string | number | readonly string[]>>;

/** `body`: it is a write. `missing`: what the shop's 404 means here. */
type Request<Data> = {
  path: string;
  query?: Query;
  body?: object;
  answer: z.ZodType<Data>;
  missing?: Extract<Fault, { kind: 'gone' }>['what'];
};

/** @throws ChannelError for refusals as well */
export type MedusaApi = <Data>(request: Request<Data>) => Promise<Data>;

/** The shop's Admin API. It has no sessions: each call carries the key. */
export function createMedusaApi(url: string, apiKey: string, tools: ChannelTools): MedusaApi {
  const authorization = `Basic ${Buffer.from(`${apiKey}:`).toString('base64')}`;
  return async ({ path, query = {}, body, answer, missing }) => {
    const wrote = body !== undefined;
    const response = await send(addressOf(url, path, query), { authorization, body }, tools);
    const text = await response.text();
    if (response.status === 400) throw refusalOf(text);
    const fault = faultOfStatus(response, { wrote, ...(missing && { missing }) });
    if (fault) throw fault;
    const parsed = answer.safeParse(parsedJson(text));
    if (!parsed.success) throw new ChannelError({ kind: wrote ? 'unknown_outcome' : 'unavailable' });
    return parsed.data;
  };
}

function addressOf(url: string, path: string, query: Query): string {
  const address = new URL(path, url);
  for (const [name, value] of Object.entries(query)) {
    if (typeof value === 'object') for (const one of value) address.searchParams.append(`${name}[]`, one);
    else address.searchParams.set(name, String(value));
  }
  return address.href;
}

type Outgoing = { authorization: string; body: object | undefined };

async function send(url: string, { authorization, body }: Outgoing, tools: ChannelTools): Promise<Response> {
  const headers = { authorization, accept: 'application/json' };
  const request = body
    ? { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) }
    : { method: 'GET', headers };
  try {
    return await tools.fetch(url, { ...request, signal: tools.signal });
  } catch (error) {
    throw classifyNetworkFailure(error, { wrote: body !== undefined });
  }
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Medusa refuses by sentences without codes. These decide what we do next; any other is `refused`. */
const refusals = [
  [/already been created/i, 'already_shipped'],
  [/already canceled/i, 'already_voided'],
  [/has been canceled/i, 'cancelled'],
  [/exceeds the reserved|more items than what was ordered|No stock reservation/i, 'too_many_units'],
  [/Shipped fulfillments|already been shipped/i, 'shipped'],
  [/entirely with items with shipping or items without/i, 'mixed_shipping'],
] as const;

const messageSchema = z.object({ message: z.string() }).catch({ message: '' });

function refusalOf(text: string): ChannelError {
  const { message } = messageSchema.parse(parsedJson(text));
  const code = refusals.find(([sentence]) => sentence.test(message))?.[1] ?? 'refused';
  return new ChannelError({ kind: 'invalid', field: 'request', code });
}
