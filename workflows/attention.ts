import {
  ActivityFailure,
  ApplicationFailure,
  condition,
  isCancellation,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import {
  hintFor,
  possibleActions,
  resolutionActions,
  type ParkedStep,
  type ParkingCause,
  type ParkingStep,
  type ResolutionAction,
} from '../domain/attention.ts';
import type { ErrorCode } from '../domain/errors.ts';
import { patient, quick, rows } from './activities.ts';
import { codeOf } from './failures.ts';
import { searchAttributes } from './names.ts';
import { attentionResolved, type Resolution, resolveAttention, type Subject } from './messages.ts';

/** `gave_way`: a message wants to decide about the same thing. */
export type StepResult<T> = { outcome: 'done'; value: T } | { outcome: 'skip' | 'cancel' | 'gave_way' };
/** `givesWayTo`: who makes the step give way once it is parked, if anybody does. `about`: what it does, for people. */
export type StepTraits = { givesWayTo?: () => string | undefined; about?: string };
export type Step = <T>(
  stage: ParkingStep,
  run: (activities: typeof quick) => Promise<T>,
  traits?: StepTraits,
) => Promise<StepResult<T>>;

type Parked = { stage: ParkingStep; resolution?: Resolution };
/** How a parked step goes over to a fresh run. `resumed`: what the run before has handed over. */
export type HandOver = {
  resumed: ParkedStep | null;
  mayLeave: () => boolean;
  leave: (parked: ParkedStep) => Promise<never>;
};

/**
 * The one way to an outside effect: tries fast, then slowly, then parks until a person decides (law 4). Steps run one
 * after the other in the main loop, so at most one is parked; messages are served meanwhile.
 */
export function createStep(subject: Subject, handOver?: HandOver): Step {
  // A decision may be the first thing a fresh run hears.
  const waiting: { parked?: Parked } = handOver?.resumed ? { parked: { stage: handOver.resumed.stage } } : {};
  let resumed = handOver?.resumed ?? null;
  listen(waiting);

  return async function step<T>(
    stage: ParkingStep,
    run: (activities: typeof quick) => Promise<T>,
    { givesWayTo = () => undefined, about }: StepTraits = {},
  ): Promise<StepResult<T>> {
    const name = about === undefined ? `**${stage}**` : `**${stage}** (${about})`;
    for (;;) {
      const isResumed = resumed?.stage === stage;
      const tried = isResumed ? resumed!.cause : await attempt(name, run);
      if ('value' in tried) return { outcome: 'done', value: tried.value };
      if (isResumed) resumed = null;
      const outcome = await park(waiting, { subject, stage, name, cause: tried, isResumed, givesWayTo, handOver });
      if (outcome !== 'retry') return { outcome };
    }
  };
}

function listen(waiting: { parked?: Parked }): void {
  setHandler(resolveAttention, (resolution) => decide(waiting, resolution), {
    validator: (resolution) => {
      const refusal = refusalOf(waiting, resolution);
      if (refusal) throw ApplicationFailure.nonRetryable(refusal.message, refusal.code);
    },
  });
  setHandler(attentionResolved, (resolution) => {
    if (!refusalOf(waiting, resolution)) decide(waiting, resolution);
  });
}

function decide({ parked }: { parked?: Parked }, { action, by }: Resolution): void {
  if (parked) parked.resolution = { action, by };
}

/** Support types JSON by hand, so its shape is checked too. */
function refusalOf({ parked }: { parked?: Parked }, resolution: unknown): { code: ErrorCode; message: string } | null {
  if (!isResolution(resolution)) {
    return {
      code: 'invalid_resolution',
      message: 'A decision is {"action":"retry" | "skip" | "cancel","by":"<who>"}.',
    };
  }
  if (!parked || parked.resolution) return { code: 'nothing_parked', message: 'Nothing waits for a decision.' };
  const possible = possibleActions[parked.stage];
  if (possible.includes(resolution.action)) return null;
  return { code: 'resolution_not_possible', message: `The step ${parked.stage} takes ${possible.join(' or ')}.` };
}

function isResolution(resolution: unknown): resolution is Resolution {
  if (typeof resolution !== 'object' || resolution === null) return false;
  const { action, by } = resolution as Partial<Resolution>;
  return typeof by === 'string' && /^[\w.:-]{1,100}$/.test(by) && resolutionActions.some((known) => known === action);
}

async function attempt<T>(
  name: string,
  run: (activities: typeof quick) => Promise<T>,
): Promise<{ value: T } | ParkingCause> {
  let cause: ParkingCause = { code: 'unexpected' };
  for (const activities of [quick, patient]) {
    try {
      return { value: await run(activities) };
    } catch (error) {
      if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
      cause = causeOf(error);
      const { code } = cause;
      if (error.retryState === 'NON_RETRYABLE_FAILURE') break;
      setCurrentDetails(retriedDetails(name, code));
    }
  }
  return cause;
}

function causeOf(failure: ActivityFailure): ParkingCause {
  const { cause } = failure;
  const details = cause instanceof ApplicationFailure ? cause.details : undefined;
  const [detail] = (details ?? []) as [{ credentialsVersion?: unknown } | undefined];
  const version = detail?.credentialsVersion;
  return { code: codeOf(failure), ...(typeof version === 'number' && { credentialsVersion: version }) };
}

type Parking = {
  subject: Subject;
  stage: ParkingStep;
  name: string;
  cause: ParkingCause;
  /** The run before has said so already. */
  isResumed: boolean;
  givesWayTo: () => string | undefined;
  handOver: HandOver | undefined;
};

async function park(
  waiting: { parked?: Parked },
  { subject, stage, name, cause, isResumed, givesWayTo, handOver }: Parking,
): Promise<ResolutionAction | 'gave_way'> {
  const { code } = cause;
  const { workflowId } = workflowInfo();
  const parked: Parked = waiting.parked ?? { stage };
  waiting.parked = parked;
  if (!isResumed) {
    await noted(() => rows.raiseAttention({ ...subject, workflowId, step: stage, ...cause }));
    upsertSearchAttributes([
      { key: searchAttributes.stage, value: stage },
      { key: searchAttributes.needsAttention, value: true },
      { key: searchAttributes.attentionCode, value: code },
    ]);
  }
  setCurrentDetails(parkedDetails(name, stage, code));
  const isDecided = () => parked.resolution !== undefined || givesWayTo() !== undefined;
  await condition(() => isDecided() || handOver?.mayLeave() === true);
  if (handOver && !isDecided()) await handOver.leave({ stage, cause });
  const resolution: Resolution = parked.resolution ?? {
    action: stage === 'import' ? 'cancel' : 'retry',
    by: givesWayTo()!,
  };
  const outcome = parked.resolution ? resolution.action : 'gave_way';
  delete waiting.parked;
  await noted(() => rows.closeAttention({ ...subject, workflowId, ...resolution }));
  upsertSearchAttributes([
    { key: searchAttributes.needsAttention, value: false },
    { key: searchAttributes.attentionCode, value: null },
  ]);
  setCurrentDetails(`${name}: decided as \`${resolution.action}\`.`);
  return outcome;
}

/** A row that cannot be written, its order being gone, must not end what waits: Temporal still shows it. */
async function noted(write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
  }
}

function retriedDetails(name: string, code: ErrorCode): string {
  return [
    `${name} fails with \`${code}\` and is retried every five minutes, for six hours. Then it parks.`,
    'To try at once: Reset under Pending Activities. Nothing waits for a decision yet.',
    `Once it is parked: ${hintFor(code)}`,
  ].join('\n\n');
}

function parkedDetails(name: string, stage: ParkingStep, code: ErrorCode): string {
  return [
    `${name} is parked: \`${code}\`.`,
    hintFor(code),
    `Decide with the Update \`resolveAttention\` or the Signal \`attentionResolved\`, input \`{"action":"retry","by":"ops"}\`; possible: ${possibleActions[stage].join(', ')}.`,
  ].join('\n\n');
}
