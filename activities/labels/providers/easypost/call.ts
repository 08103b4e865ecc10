import type { z } from 'zod';
import type { ProviderTools } from '../../provider.ts';
import { callLimitMs, faultOfFailure, readAnswer, Refusal, unanswered, type Answer, type Call } from '../faults.ts';
import { easyPostClass, type EasyPostClient } from './client.ts';
import { refusalBody } from './wire.ts';

const largestAnswer = 5 * 1024 * 1024;

export type EasyPostCalls = <S extends z.ZodType>(
  schema: S,
  act: (client: EasyPostClient) => Promise<unknown>,
  call?: Call,
) => Promise<z.output<S>>;

/**
 * Calls EasyPost through its own client.
 * @throws LabelError, or Refusal for a 4xx that the caller has to explain
 */
export function easyPostCalls(apiKey: string, tools: ProviderTools): EasyPostCalls {
  return async (schema, act, call = { wrote: false }) => {
    const answer = await answerOf({ apiKey, tools, act, call });
    return readAnswer(answer, { schema, call, refusalOf });
  };
}

/** The part of superagent's request that we use. */
type Request = {
  redirects(count: number): Request;
  timeout(limit: { deadline: number }): Request;
  maxResponseSize(bytes: number): Request;
  abort(): void;
};
type AnswerSeen = { httpStatus: number; headers: Record<string, string>; responseBody: unknown };

/**
 * The client turns an answer without EasyPost's own error body, as a gateway sends it, into a TypeError that has lost the
 * status. So the answer is read by the client's response hook, and the client's own result and errors are left aside.
 */
async function answerOf(by: {
  apiKey: string;
  tools: ProviderTools;
  act: (client: EasyPostClient) => Promise<unknown>;
  call: Call;
}): Promise<Answer> {
  const { signal, urls } = by.tools;
  const requests: Request[] = [];
  const stop = () => requests.forEach((request) => request.abort());
  const limited = (request: Request) => {
    requests.push(request.redirects(0).timeout({ deadline: callLimitMs }).maxResponseSize(largestAnswer));
    return request;
  };
  const EasyPost = await easyPostClass();
  signal.throwIfAborted();
  signal.addEventListener('abort', stop);
  const client = new EasyPost(by.apiKey, { baseUrl: `${urls.easypost}/v2/`, requestMiddleware: limited });
  let answer: Answer | undefined;
  client.addResponseHook((seen) => void (answer = toAnswer(seen)));
  try {
    await by.act(client);
  } catch (error) {
    if (!answer) throw faultOfFailure(error, by.call, signal);
  } finally {
    signal.removeEventListener('abort', stop);
  }
  if (!answer) throw unanswered(by.call);
  return answer;
}

function toAnswer({ httpStatus, headers: sent, responseBody }: AnswerSeen): Answer {
  const headers = new Headers(Object.entries(sent).map(([name, value]): [string, string] => [name, String(value)]));
  const isJson = /^application\/json\b/i.test(headers.get('content-type') ?? '');
  return { status: httpStatus, headers, body: isJson ? responseBody : undefined };
}

function refusalOf({ status, body }: Answer): Refusal {
  const parsed = refusalBody.safeParse(body);
  if (!parsed.success) return new Refusal({ status, code: '', text: '' });
  const { code, message, errors } = parsed.data.error;
  return new Refusal({ status, code, text: JSON.stringify([message, errors]) });
}
