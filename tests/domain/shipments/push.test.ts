import { describe, expect, it } from '@jest/globals';
import { nextPushAction, type PushProgress } from '../../../domain/shipments/push.ts';

const progress = (change: Partial<PushProgress>): PushProgress => ({
  status: 'recorded',
  revision: 1,
  sentRevision: null,
  pushedRevision: null,
  ...change,
});
const voided = 'voided' as const;

describe('the next push action', () => {
  it.each([
    ['a new shipment', {}, { kind: 'create', revision: 1, again: false }],
    ['one that was corrected before it was sent', { revision: 3 }, { kind: 'create', revision: 3, again: false }],
    ['one in doubt: as it was sent', { revision: 2, sentRevision: 1 }, { kind: 'create', revision: 1, again: true }],
    ['one in doubt that is voided', { status: voided, revision: 2, sentRevision: 1 }, { kind: 'create', revision: 1, again: true }],
    ['one voided before it was sent: nothing', { status: voided, revision: 2 }, null],
    ['one that is shown: nothing', { sentRevision: 1, pushedRevision: 1 }, null],
    ['a correction', { revision: 2, sentRevision: 1, pushedRevision: 1 }, { kind: 'correct', revision: 2, again: false }],
    ['a correction in doubt', { revision: 3, sentRevision: 2, pushedRevision: 1 }, { kind: 'correct', revision: 2, again: true }],
    ['a void', { status: voided, revision: 2, sentRevision: 1, pushedRevision: 1 }, { kind: 'void', revision: 2, again: false }],
    ['a void after a correction in doubt', { status: voided, revision: 3, sentRevision: 2, pushedRevision: 1 }, { kind: 'void', revision: 3, again: false }],
    ['a void that is shown: nothing', { status: voided, revision: 2, sentRevision: 1, pushedRevision: 2 }, null],
  ] as const)('%s', (_what, change, pushAction) => {
    expect(nextPushAction(progress(change))).toEqual(pushAction);
  }); // prettier-ignore
});
