import { allHandlersFinished, ApplicationFailure, condition, setHandler } from '@temporalio/workflow';
import type { LabelStatus } from '../domain/labels/label.ts';
import { voidReasons } from '../domain/shipments/corrections.ts';
import { prompt, rows } from './activities.ts';
import { createStep, type Step } from './attention.ts';
import { isFailure } from './failures.ts';
import { voidLabel, type VoidLabelInput } from './messages.ts';

type LabelInput = { orderId: string; labelId: string };
type LabelResult = { status: LabelStatus };

/** A person's void on its way. `answer`: set once the shipment is void, or the carrier has the parcel. */
type Voiding = VoidLabelInput & { answer?: 'voided' | 'scanned' };
type Label = LabelInput & { status: LabelStatus; isOpen: boolean; voiding: Voiding[] };

/** The longest that a caller waits for a void. Later the void goes on without the caller. */
const answerMs = 7_000;

/**
 * Buys a label once and records its shipment, then closes. A void runs it again. Each step's row says whether it is done, so
 * that a repeat after a crash buys and records nothing twice (law 5).
 */
export async function label(input: LabelInput): Promise<LabelResult> {
  const one: Label = { ...input, status: 'requested', isOpen: false, voiding: [] };
  listen(one);
  const step = createStep({ orderId: input.orderId });
  one.status = (await rows.openLabel(place(one))).status;
  one.isOpen = true;
  if (one.status === 'requested') await buy(step, one);
  await serve(step, one);
  return { status: one.status };
}

/** Until nothing is left to do and no caller waits. A label whose void is withdrawn may have no shipment yet. */
async function serve(step: Step, one: Label): Promise<void> {
  for (;;) {
    if (one.status === 'bought') await deliver(step, one);
    // A person's void may be on its way to `voiding`: it is not the system's own.
    await condition(() => one.voiding.length > 0 || allHandlersFinished());
    if (one.voiding.length > 0) await serveVoid(step, one);
    else if (one.status === 'void_requested') await takeBack(step, one);
    else return;
  }
}

const place = ({ orderId, labelId }: Label): LabelInput => ({ orderId, labelId });
const about = ({ labelId }: Label) => ({ about: `label \`${labelId}\`` });

function listen(one: Label): void {
  setHandler(voidLabel, (input) => receiveVoid(one, input), {
    validator: ({ by, reason }: VoidLabelInput) => {
      if (typeof by === 'string' && voidReasons.includes(reason)) return;
      throw ApplicationFailure.nonRetryable('A void is {"by":"<who>","reason":"not_sent"}.', 'invalid_request');
    },
  });
}

/** The row decides whether the label can be void. The main loop does the rest, since a step may be running. */
async function receiveVoid(one: Label, { by, reason, noteId }: VoidLabelInput): Promise<void> {
  await condition(() => one.isOpen);
  const { isNew } = await rows.requestLabelVoid(place(one));
  if (!isNew) return;
  const voiding = one.voiding[0] ?? { by, reason, ...(noteId !== undefined && { noteId }) };
  if (one.voiding.length === 0) one.voiding.push(voiding);
  await condition(() => voiding.answer !== undefined, answerMs);
  if (voiding.answer === 'scanned')
    throw ApplicationFailure.nonRetryable('The carrier has the parcel, so the label stays.', 'label_scanned');
}

async function buy(step: Step, one: Label): Promise<void> {
  const prepared = await step('label', (activities) => activities.prepareLabel(place(one)), about(one));
  if (prepared.outcome !== 'done') return giveUp(step, one);
  one.status = prepared.value.status;
  if (one.status !== 'requested') return;
  const bought = await step('label', (activities) => activities.buyLabel(place(one)), about(one));
  if (bought.outcome !== 'done') return giveUp(step, one);
  one.status = bought.value.status;
}

/** A person has cancelled the purchase. It may have arrived all the same: then the label is taken back. */
async function giveUp(step: Step, one: Label): Promise<void> {
  const found = await step('label', (activities) => activities.abandonLabel(place(one)), about(one));
  one.status = (found.outcome === 'done' ? found.value : await rows.failLabel(place(one))).status;
  if (one.status === 'bought') await askBack(step, one);
}

async function askBack(step: Step, one: Label): Promise<void> {
  await untilDone(step, one, (activities) => activities.requestLabelVoid(place(one)));
  one.status = 'void_requested';
}

/** The bytes first: nobody can send a parcel whose label cannot be printed. A void takes over from a parked step. */
async function deliver(step: Step, one: Label): Promise<void> {
  const traits = { ...about(one), givesWayTo: () => one.voiding[0]?.by };
  const stored = await step('label', (activities) => activities.storeLabel(place(one)), traits);
  const delivered =
    stored.outcome === 'done'
      ? await step('label', (activities) => activities.recordLabel(place(one)), traits)
      : stored;
  if (delivered.outcome === 'done') one.status = delivered.value.status;
  else if (delivered.outcome !== 'gave_way') await askBack(step, one);
}

/** Its shipment was refused, or a person has cancelled a step: the money is asked for until the provider has the request. */
async function takeBack(step: Step, one: Label): Promise<void> {
  await voidShipment(step, one, { by: 'system', reason: 'not_sent' });
  const asks = { ...place(one), ifScanned: 'park' } as const;
  await step('label', (activities) => activities.refundLabel(asks), about(one));
  one.status = (await rows.closeLabelVoid(place(one))).status;
}

/** A void by a person. It waits for no money: where the provider does not answer, the shipment is void before it does. */
async function serveVoid(step: Step, one: Label): Promise<void> {
  const voiding = one.voiding[0]!;
  const asked = one.status === 'voided' ? 'asked' : await askedForMoney(one);
  if (asked === 'scanned') {
    // A later request is a new one: this one does not answer it.
    one.voiding.shift();
    one.status = (await rows.withdrawLabelVoid(place(one))).status;
    voiding.answer = 'scanned';
    return;
  }
  await voidShipment(step, one, voiding);
  if (asked === 'unanswered') {
    voiding.answer = 'voided';
    const asks = { ...place(one), ifScanned: 'reject' } as const;
    await step('label', (activities) => activities.refundLabel(asks), about(one));
  }
  one.status = (await rows.closeLabelVoid(place(one))).status;
  voiding.answer = 'voided';
  one.voiding.shift();
}

async function voidShipment(step: Step, one: Label, { by, reason, noteId }: VoidLabelInput): Promise<void> {
  const shipment = { ...place(one), by, reason, ...(noteId !== undefined && { noteId }) };
  await untilDone(step, one, (activities) => activities.voidLabelShipment(shipment));
}

/**
 * A step without which the label cannot be void: a void label has no shipment. A person's `cancel` takes the label back, and
 * this step is a part of that, so `cancel` tries again, as `retry` does.
 */
async function untilDone(step: Step, one: Label, run: Parameters<Step>[1]): Promise<void> {
  while ((await step('label', run, about(one))).outcome !== 'done');
}

async function askedForMoney(one: Label): Promise<'asked' | 'scanned' | 'unanswered'> {
  try {
    return (await prompt.refundLabel({ ...place(one), ifScanned: 'answer' })).outcome;
  } catch (error) {
    if (!isFailure(error)) throw error;
    return 'unanswered';
  }
}
