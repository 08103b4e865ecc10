import { setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { Stage } from '../domain/dropship.ts';
import { searchAttributes } from './names.ts';

export const stageNow = (): string | undefined => workflowInfo().typedSearchAttributes.get(searchAttributes.stage);

/** Tells support where a dropship stands. A step that parked has shown its own stage; where none did, nothing is written twice. */
export function show(stage: Stage, details: string): void {
  if (stageNow() !== stage) upsertSearchAttributes([{ key: searchAttributes.stage, value: stage }]);
  setCurrentDetails(`**${stage}**: ${details}`);
}
