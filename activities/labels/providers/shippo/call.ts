import type { Shippo } from 'shippo';
import type { z } from 'zod';
import type { ProviderTools } from '../../provider.ts';
import {
  callLimitMs,
  faultOfFailure,
  readAnswer,
  Refusal,
  refused,
  unanswered,
  type Answer,
  type Call,
} from '../faults.ts';

export type ShippoCalls = <S extends z.ZodType>(
  schema: S,
  act: (client: Shippo) => Promise<unknown>,
  call?: Call,
) => Promise<z.output<S>>;

/**
 * Calls Shippo through its own client, which retries nothing unless it is asked to.
 * @throws LabelError, or Refusal for a 4xx that the caller has to explain
 */
export function shippoCalls(apiKey: string, tools: ProviderTools): ShippoCalls {
  return async (schema, act, call = { wrote: false }) => {
    const answer = await answerOf({ apiKey, tools, act, call });
    return readAnswer(answer, { schema, call, refusalOf });
  };
}

const refusalOf = ({ status, body }: Answer): Refusal =>
  new Refusal({ status, code: '', text: JSON.stringify(body ?? '') });

/**
 * The client refuses an answer with a value that its version does not know, such as a new service. A purchase must not be
 * lost for that. So the answer is read on its way through, and the client's own result and errors are left aside.
 */
async function answerOf(by: {
  apiKey: string;
  tools: ProviderTools;
  act: (client: Shippo) => Promise<unknown>;
  call: Call;
}): Promise<Answer> {
  const { signal, urls } = by.tools;
  let answer: Answer | undefined;
  const fetcher: Fetcher = async (request) => {
    const limits = AbortSignal.any([signal, AbortSignal.timeout(callLimitMs)]);
    const response = await fetch(request, { redirect: 'manual', signal: limits });
    const text = await response.text();
    answer = { status: response.status, headers: response.headers, body: jsonOf(response, text) };
    const { status, headers } = response;
    return new Response(text === '' ? null : text, { status, headers });
  };
  const client = await openClient({
    apiKey: by.apiKey,
    url: urls.shippo,
    fetcher,
  });
  try {
    await by.act(client);
  } catch (error) {
    if (answer) return answer;
    // The client's own look at the request: nothing was sent.
    if ((error as Error).name === 'SDKValidationError') throw refused('invalid_request');
    throw faultOfFailure(error, by.call, signal);
  }
  if (!answer) throw unanswered(by.call);
  return answer;
}

type Fetcher = (request: Request | URL | string) => Promise<Response>;

/** The client is loaded with the first call, since few workers ever make one. */
async function openClient(by: { apiKey: string; url: string; fetcher: Fetcher }): Promise<Shippo> {
  const [shippo, { HTTPClient }] = await Promise.all([import('shippo'), import('shippo/lib/http.js')]);
  return new shippo.Shippo({
    apiKeyHeader: by.apiKey,
    serverURL: by.url,
    shippoApiVersion: '2018-02-08',
    httpClient: new HTTPClient({ fetcher: by.fetcher }),
  });
}

function jsonOf({ headers }: Response, text: string): unknown {
  if (!/^application\/json\b/i.test(headers.get('content-type') ?? '')) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
