import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { unitsAsked } from '../../domain/orders/cancel.ts';
import type { DropshipState } from '../../domain/dropships/state.ts';
import type { Stage } from '../../domain/dropships/dropship.ts';
import { searchAttributes } from '../names.ts';

const stageNow = (): string | undefined => workflowInfo().typedSearchAttributes.get(searchAttributes.stage);

/** Shows support where a dropship is. The stage is written only when it changes: each write costs a history event. */
export function show(stage: Stage, details: string): void {
  if (stageNow() !== stage) upsertSearchAttributes([{ key: searchAttributes.stage, value: stage }]);
  setCurrentDetails(`**${stage}**: ${details}`);
}

const asked = 'The merchant asks to cancel units. Waits for the supplier to accept, or to ship.';

/** Shows what an imported order waits for. @param text for an order without a cancel request */
export function showWaiting(
  { lines }: DropshipState,
  text = 'The supplier has the order. Waits for its shipments.',
): void {
  show('awaiting_shipment', lines?.some((line) => unitsAsked(line) > 0) ? asked : text);
}

/** Shows it again after a change, unless a step shows its own stage. */
export function refreshWaiting(state: DropshipState, text?: string): void {
  if (stageNow() === 'awaiting_shipment' && state.backlog.length === 0) showWaiting(state, text);
}

/** That it is closed is its execution status: no stage says it once more. */
export const showClosed = (how: keyof typeof endings): void => setCurrentDetails(`**closed**: ${endings[how]}`);

const endings = {
  complete: 'Every unit has shipped or is cancelled.',
  taken_back: 'Taken back before the supplier had it.',
  split: 'Split: its parts go on as dropships of their own.',
  rejected: 'The supplier sent the order back. It awaits fulfillment at the merchant again.',
} as const;
