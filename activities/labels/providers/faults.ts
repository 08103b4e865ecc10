import type { z } from 'zod';
import { classifyNetworkFailure, retryAfter } from '../../channels/safe-fetch.ts';
import { LabelError, type LabelFault } from '../provider.ts';

type RefusalCode = Extract<LabelFault, { kind: 'refused' }>['code'];

/** An answer as it came over the wire. `body`: its JSON, or undefined for anything else. */
export type Answer = { status: number; headers: Headers; body: unknown };

/** Milliseconds. A provider waits for its carrier. Shorter than the limit of a step, so that the step learns what failed. */
export const callLimitMs = 35_000;

/** `wrote`: the call may have cost money, so that a lost answer leaves its outcome unknown. */
export type Call = { wrote: boolean };

export const refused = (code: RefusalCode): LabelError => new LabelError({ kind: 'refused', code });
export const unauthorized = (): LabelError => new LabelError({ kind: 'auth_failed' });
export const unavailable = (): LabelError => new LabelError({ kind: 'unavailable' });
export const unknownOutcome = (): LabelError => new LabelError({ kind: 'unknown_outcome' });

/** The fault of a call without a usable answer. */
export const unanswered = ({ wrote }: Call): LabelError => (wrote ? unknownOutcome() : unavailable());

/**
 * The fault of a call that ended without an answer.
 * @param signal the caller's: what it ended is no fault of the provider
 * @throws the signal's reason
 */
export function faultOfFailure(error: unknown, call: Call, signal: AbortSignal): LabelError {
  if (signal.aborted) throw signal.reason;
  const { fault } = classifyNetworkFailure(error, call);
  return fault.kind === 'unknown_outcome' ? unknownOutcome() : unavailable();
}

/**
 * The fault that an answer's status alone shows.
 * @returns undefined for a 2xx with JSON, and for a refusal that the body explains
 */
export function faultOfAnswer({ status, headers, body }: Answer, call: Call): LabelError | undefined {
  if (status === 401 || status === 403) return unauthorized();
  if (status === 402) return refused('balance_too_low');
  if (status === 429) return new LabelError({ kind: 'rate_limited', retryAfter: retryAfter(headers) });
  // A redirect is not followed, so nothing was done.
  if (status >= 300 && status < 400) return unavailable();
  // A gateway says 503 also after the provider has done it.
  if (status >= 500 || status === 408 || (status < 300 && body === undefined)) return unanswered(call);
  return undefined;
}

/** An answer of 4xx that says why in its body. `code`: the provider's. `text` may quote addresses: it is for classifying only. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly text: string;
  constructor({ status, code, text }: { status: number; code: string; text: string }) {
    super(`label provider: ${status} ${code}`);
    this.name = 'Refusal';
    this.status = status;
    this.code = code;
    this.text = text;
  }
}

/**
 * The body of an answer, as the schema says.
 * @param by.refusalOf reads the provider's own words of a 4xx
 * @throws LabelError, or Refusal for a 4xx that the caller has to explain
 */
export function readAnswer<S extends z.ZodType>(
  answer: Answer,
  by: { schema: S; call: Call; refusalOf: (answer: Answer) => Refusal },
): z.output<S> {
  const fault = faultOfAnswer(answer, by.call);
  if (fault) throw fault;
  if (answer.status >= 400) throw by.refusalOf(answer);
  const parsed = by.schema.safeParse(answer.body);
  if (!parsed.success) throw unanswered(by.call);
  return parsed.data;
}

/** For `catch`: a refusal becomes the fault that it means for this call; other errors pass. */
export const explain =
  (faultOf: (refusal: Refusal) => LabelError) =>
  (error: unknown): never => {
    throw error instanceof Refusal ? faultOf(error) : error;
  };
