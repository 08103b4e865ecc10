import type { Client } from '@temporalio/client';

/** Event types that are an action, by their numbers. An activity's started event carries its attempts. */
const actionEvents: Readonly<Record<number, string>> = {
  1: 'start',
  11: 'activity',
  17: 'timer',
  26: 'Signal',
  40: 'upsert',
  41: 'Update',
};

export type History = { events: number; actions: Record<string, number>; bytes: number };

/** The mean over the last twenty closed dropships. */
export async function historyFigures(client: Client): Promise<History> {
  const totals: History & { workflows: number } = { events: 0, actions: {}, bytes: 0, workflows: 0 };
  for await (const { workflowId, historySize } of client.workflow.list({
    query: 'WorkflowType = "dropship" AND ExecutionStatus = "Completed"',
  })) {
    if (totals.workflows === 20) break;
    const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
    totals.workflows += 1;
    totals.bytes += historySize ?? 0;
    totals.events += events?.length ?? 0;
    for (const event of events ?? []) {
      const action = actionEvents[event.eventType ?? 0];
      const times = event.activityTaskStartedEventAttributes?.attempt ?? 1;
      if (action !== undefined) totals.actions[action] = (totals.actions[action] ?? 0) + times;
    }
  }
  const mean = (total: number) => total / totals.workflows;
  const actions = Object.fromEntries(Object.entries(totals.actions).map(([action, times]) => [action, mean(times)]));
  return { events: mean(totals.events), actions, bytes: mean(totals.bytes) };
}

export type Counted = { actions: number; transitions: number };

/** The server's own counters, without what it does for itself. `transitions`: writes of a workflow's state. */
export async function countedByServer(metricsUrl: string | undefined): Promise<Counted | undefined> {
  if (metricsUrl === undefined) return undefined;
  const lines = (await (await fetch(metricsUrl)).text()).split('\n');
  const sumOf = (metric: string) =>
    lines
      .filter((line) => line.startsWith(`${metric}{`) && !line.includes('namespace="temporal_system"'))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
  return { actions: sumOf('action'), transitions: sumOf('state_transition_count_count') };
}
