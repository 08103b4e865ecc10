import type { AppDeps } from '../deps.ts';

/** The page of a workflow in the Temporal UI; undefined where no address of the UI is configured. */
export function workflowUrl(
  { temporalUiUrl, temporalNamespace = 'default' }: Pick<AppDeps, 'temporalUiUrl' | 'temporalNamespace'>,
  workflowId: string,
): string | undefined {
  if (temporalUiUrl === undefined) return undefined;
  const base = temporalUiUrl.replace(/\/+$/, '');
  return `${base}/namespaces/${encodeURIComponent(temporalNamespace)}/workflows/${encodeURIComponent(workflowId)}`;
}
