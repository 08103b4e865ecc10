import type { Client } from '@temporalio/client';

/** Event types that are an action, by their numbers: started, activity started, timer, signal, upsert, Update accepted. */
const actionEvents = new Set([1, 11, 17, 26, 40, 47]);

/** The mean over the last twenty closed dropships. An activity's started event carries its attempts. */
export async function historyFigures(client: Client): Promise<{ events: number; actions: number }> {
  const totals = { events: 0, actions: 0, workflows: 0 };
  for await (const { workflowId } of client.workflow.list({
    query: 'WorkflowType = "dropship" AND ExecutionStatus = "Completed"',
  })) {
    if (totals.workflows === 20) break;
    const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
    totals.workflows += 1;
    totals.events += events?.length ?? 0;
    for (const event of events ?? []) {
      if (actionEvents.has(event.eventType ?? 0))
        totals.actions += event.activityTaskStartedEventAttributes?.attempt ?? 1;
    }
  }
  return { events: totals.events / totals.workflows, actions: totals.actions / totals.workflows };
}

/** The sum of the server's own counters, without what it does for itself. */
export async function countedActions(metricsUrl: string | undefined): Promise<number | undefined> {
  if (metricsUrl === undefined) return undefined;
  const text = await (await fetch(metricsUrl)).text();
  return text
    .split('\n')
    .filter((line) => line.startsWith('action{') && !line.includes('namespace="temporal_system"'))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
}
