import { cancel, permanently, retry, type Rig, type Talk } from '../engine/workflow-rig.ts';
import type { Fakes } from '../engine/well-done.ts';
import { ended, once } from './recorded-lives.ts';

const bought = { status: 'bought' };
/** As a label is when a void runs it again. */
const closedBefore = (): Fakes => ({ openLabel: () => ({ status: 'recorded' }) });

async function aLabel(rig: Rig, fakes: Fakes = {}) {
  const life = rig.life(fakes);
  return { ...life, ...(await life.startLabel()) };
}

/** A run for each path of a label's workflow. */
export const labelRecordings: Record<string, (rig: Rig) => Promise<Talk>> = {
  'label-recorded': async (rig) => ended(await aLabel(rig)),
  'label-failed': async (rig) => ended(await aLabel(rig, { buyLabel: () => ({ status: 'failed' }) })),
  'label-return': async (rig) => ended(await aLabel(rig, { recordLabel: () => bought })),
  'label-taken-back': async (rig) => ended(await aLabel(rig, { recordLabel: () => ({ status: 'void_requested' }) })),
  'label-parked-retry': async (rig) => {
    const label = await aLabel(rig, { buyLabel: once('label_outcome_unknown', bought) });
    await label.parked();
    await label.decide(retry);
    return ended(label);
  },
  'label-parked-cancel': async (rig) => {
    const label = await aLabel(rig, { buyLabel: permanently('label_outcome_unknown'), abandonLabel: () => bought });
    await label.parked();
    await label.decide(cancel);
    return ended(label);
  },
  'label-parked': async (rig) => {
    const label = await aLabel(rig, { storeLabel: permanently('label_account_unauthorized') });
    await label.parked();
    return label;
  },
  'label-gave-way': async (rig) => {
    const label = await aLabel(rig, { storeLabel: permanently('label_outcome_unknown') });
    await label.parked();
    await label.voidLabel();
    return ended(label);
  },
  'label-voided': async (rig) => {
    const label = await aLabel(rig, closedBefore());
    await label.handle.result();
    await label.voidLabel();
    return label;
  },
  'label-voided-later': async (rig) => {
    const label = await aLabel(rig, {
      ...closedBefore(),
      refundLabel: once('label_provider_unreachable', { outcome: 'asked' }),
    });
    await label.handle.result();
    await label.voidLabel();
    await label.untilCalled('closeLabelVoid');
    return label;
  },
  'label-scanned': async (rig) => {
    const label = await aLabel(rig, { ...closedBefore(), refundLabel: () => ({ outcome: 'scanned' }) });
    await label.handle.result();
    await label.voidLabel();
    return label;
  },
};
