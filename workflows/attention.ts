import type { ActivityFailure } from '@temporalio/workflow';
import {
  ApplicationFailure,
  condition,
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
import { codeOf, isFailure } from './failures.ts';
import { searchAttributes } from './names.ts';
import { attentionResolved, type Resolution, resolveAttention, type Subject } from './messages.ts';

/** `gave_way`: a message took over the work of the step. */
export type StepResult<T> =
  { outcome: 'done'; value: T } | { outcome: Exclude<ResolutionAction, 'retry'> | 'gave_way' };
/** `givesWayTo`: the id of the person or key that a parked step gives way to, if any. `about`: text for people. */
type StepTraits = { givesWayTo?: () => string | undefined; about?: string };
export type Step = <T>(
  stage: ParkingStep,
  run: (activities: typeof quick) => Promise<T>,
  traits?: StepTraits,
) => Promise<StepResult<T>>;

type Parked = { stage: ParkingStep; resolution?: Resolution };
/** The parked step, if there is one. Handlers write the resolution into it. */
type Waiting = { parked?: Parked };
/** How a parked step moves to a fresh run. `resumed`: the step that the run before left parked. */
export type HandOver = {
  resumed: ParkedStep | null;
  mayLeave: () => boolean;
  leave: (parked: ParkedStep) => Promise<never>;
};

/**
 * The one way to an outside effect: it tries fast, then slowly, then parks until a person decides (law 4). Steps run one
 * after the other in the main loop, so at most one is parked. Messages are served meanwhile.
 */
export function createStep(subject: Subject, handOver?: HandOver): Step {
  // The first message to a fresh run may be the resolution.
  const waiting: Waiting = handOver?.resumed ? { parked: { stage: handOver.resumed.stage } } : {};
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

function listen(waiting: Waiting): void {
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

function decide({ parked }: Waiting, { action, by }: Resolution): void {
  if (parked) parked.resolution = { action, by };
}

/** Support types JSON by hand, so the shape is checked too. */
function refusalOf({ parked }: Waiting, resolution: unknown): { code: ErrorCode; message: string } | null {
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
      if (!isFailure(error)) throw error;
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
  const [detail] = (details ?? []) as [{ credentialsVersion?: unknown; labelAccountId?: unknown } | undefined];
  const { credentialsVersion: version, labelAccountId } = detail ?? {};
  return {
    code: codeOf(failure),
    ...(typeof version === 'number' && { credentialsVersion: version }),
    ...(typeof labelAccountId === 'string' && { labelAccountId }),
  };
}

type Parking = {
  subject: Subject;
  stage: ParkingStep;
  name: string;
  cause: ParkingCause;
  /** The run before raised the attention already. */
  isResumed: boolean;
  givesWayTo: () => string | undefined;
  handOver: HandOver | undefined;
};

async function park(waiting: Waiting, parking: Parking): Promise<ResolutionAction | 'gave_way'> {
  const { stage, name } = parking;
  waiting.parked ??= { stage };
  if (!parking.isResumed) await raise(parking);
  setCurrentDetails(parkedDetails(name, stage, parking.cause.code));
  const { outcome, resolution } = await untilDecided(waiting.parked, parking);
  delete waiting.parked;
  await close(parking, resolution);
  return outcome;
}

async function raise({ subject, stage, cause }: Parking): Promise<void> {
  const { workflowId } = workflowInfo();
  await noted(() => rows.raiseAttention({ ...subject, workflowId, step: stage, ...cause }));
  upsertSearchAttributes([
    { key: searchAttributes.stage, value: stage },
    { key: searchAttributes.needsAttention, value: true },
    { key: searchAttributes.attentionCode, value: cause.code },
  ]);
}

/** Waits for a person, or for a message that the step gives way to. A long history is handed over to a fresh run. */
async function untilDecided(
  parked: Parked,
  { stage, cause, givesWayTo, handOver }: Parking,
): Promise<{ outcome: ResolutionAction | 'gave_way'; resolution: Resolution }> {
  const isDecided = () => parked.resolution !== undefined || givesWayTo() !== undefined;
  await condition(() => isDecided() || handOver?.mayLeave() === true);
  if (handOver && !isDecided()) await handOver.leave({ stage, cause });
  const { resolution } = parked;
  if (resolution) return { outcome: resolution.action, resolution };
  const action = stage === 'import' || stage === 'label' ? 'cancel' : 'retry';
  return { outcome: 'gave_way', resolution: { action, by: givesWayTo()! } };
}

async function close({ subject, name }: Parking, resolution: Resolution): Promise<void> {
  const { workflowId } = workflowInfo();
  await noted(() => rows.closeAttention({ ...subject, workflowId, ...resolution }));
  upsertSearchAttributes([
    { key: searchAttributes.needsAttention, value: false },
    { key: searchAttributes.attentionCode, value: null },
  ]);
  setCurrentDetails(`${name}: decided as \`${resolution.action}\`.`);
}

/** When the row cannot be written, for example because its order is gone, the step stays parked: Temporal shows it. */
async function noted(write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!isFailure(error)) throw error;
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
