import { DomainError } from '../domain/errors.ts';
import { DropshipClosed, isUnanswered, TemporalUnavailable } from '../temporal/errors.ts';
import { messages } from '../temporal/messages.ts';
import type { CancelOutcome, RequestCancelInput } from '../workflows/messages.ts';
import type { Messenger } from './channels/portal/tools.ts';
import type { Deps } from './deps.ts';

/** `closed`: the workflow has ended, or was not started. A refusal is an outcome here, since a retry would get the same. */
type Refusal = { outcome: 'closed' } | { outcome: 'refused'; code: string };
type Tools = Pick<Deps, 'client' | 'queues'>;

/** Below the limit of an activity. A dropship answers late while its import is under way. */
const recordMs = 30_000;
/** A request that waits for the end of an import takes effect without its sender. */
const requestMs = 8_000;

/** Messages of a portal to the dropship one step upstream. */
export function portalMessenger(tools: Tools): Messenger {
  const upstream = messages(tools, recordMs);
  return {
    recordShipment: (dropshipId, input) => recorded(upstream.recordShipment(dropshipId, input)),
    correctTracking: (start, input) => reopened(upstream.correctTracking(start, input)),
    voidShipment: (start, input) => reopened(upstream.voidShipment(start, input)),
  };
}

/** The message to the dropship one step downstream. `unanswered`: the request waits there, and takes effect later. */
export async function requestCancel(
  tools: Tools,
  dropshipId: string,
  input: RequestCancelInput,
): Promise<{ outcome: CancelOutcome | 'unanswered' } | Refusal> {
  try {
    return await messages(tools, requestMs).requestCancel(dropshipId, input);
  } catch (error) {
    if (isUnanswered(error)) return { outcome: 'unanswered' };
    return refusalOf(error);
  }
}

async function recorded(answer: Promise<unknown>): Promise<{ outcome: 'recorded' } | Refusal> {
  try {
    await answer;
    return { outcome: 'recorded' };
  } catch (error) {
    return refusalOf(error);
  }
}

/** A dropship that closed twice while it was asked opens again for the next try. */
async function reopened(answer: Promise<unknown>): Promise<{ outcome: 'recorded' } | Refusal> {
  const outcome = await recorded(answer);
  if (outcome.outcome === 'closed') throw new Error('The dropship closed before it took the change.');
  return outcome;
}

/** @throws whatever the next try may cure */
function refusalOf(error: unknown): Refusal {
  if (error instanceof DropshipClosed) return { outcome: 'closed' };
  if (!(error instanceof DomainError)) throw error;
  if (error instanceof TemporalUnavailable) throw new Error('Temporal has not answered yet.', { cause: error });
  return { outcome: 'refused', code: error.code };
}
