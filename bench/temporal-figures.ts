import type { Client } from '@temporalio/client';

/** Event types that are an action, by their numbers: started, activity started, timer, signal, upsert, Update accepted. */
const actionEvents = new Set([1, 11, 17, 26, 40, 47]);

/** The mean over the last twenty closed dropships. An activity's started event carries its attempts. */
export async function historyFigures(client: Client): Promise<{ events: number; actions: number; bytes: number }> {
  const totals = { events: 0, actions: 0, bytes: 0, workflows: 0 };
  for await (const { workflowId, historySize } of client.workflow.list({
    query: 'WorkflowType = "dropship" AND ExecutionStatus = "Completed"',
  })) {
    if (totals.workflows === 20) break;
    const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
    totals.workflows += 1;
    totals.bytes += historySize ?? 0;
    totals.events += events?.length ?? 0;
    for (const event of events ?? []) {
      if (actionEvents.has(event.eventType ?? 0))
        totals.actions += event.activityTaskStartedEventAttributes?.attempt ?? 1;
    }
  }
  const mean = (total: number) => total / totals.workflows;
  return { events: mean(totals.events), actions: mean(totals.actions), bytes: mean(totals.bytes) };
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
