import { expect, it } from '@jest/globals';
import { workflowUrl } from '../../api/request/workflow-url.ts';

it('a workflow has a page where the address of the Temporal UI is configured', () => {
  const at = (temporalUiUrl?: string, temporalNamespace?: string) =>
    workflowUrl({ temporalUiUrl, temporalNamespace }, 'dropship/drp_1');

  expect(at('https://ui.test/')).toBe('https://ui.test/namespaces/default/workflows/dropship%2Fdrp_1');
  expect(at('https://ui.test/temporal', 'live')).toBe(
    'https://ui.test/temporal/namespaces/live/workflows/dropship%2Fdrp_1',
  );
  expect(at()).toBeUndefined();
});
