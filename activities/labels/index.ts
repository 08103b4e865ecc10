import type { VoidReason } from '../../domain/shipments/corrections.ts';
import type { Deps } from '../deps.ts';
import { abandonLabel, buyLabel, failLabel } from './buy.ts';
import type { LabelIds } from './place.ts';
import { openLabel, prepareLabel } from './prepare.ts';
import { recordLabel } from './record.ts';
import { lookUpRefunds } from './refund-look-ups.ts';
import { storeLabel } from './store.ts';
import { closeLabelVoid, refundLabel, requestLabelVoid, voidLabelShipment, withdrawLabelVoid } from './void.ts';

type VoidedBy = LabelIds & { by: string; reason: VoidReason; noteId?: string };

/** The activities of a label's workflow, in the order in which a label meets them, and the round of the refunds. */
export const createLabelActivities = (deps: Deps) => ({
  openLabel: (ids: LabelIds) => openLabel(deps, ids),
  prepareLabel: (ids: LabelIds) => prepareLabel(deps, ids),
  buyLabel: (ids: LabelIds) => buyLabel(deps, ids),
  abandonLabel: (ids: LabelIds) => abandonLabel(deps, ids),
  failLabel: (ids: LabelIds) => failLabel(deps, ids),
  storeLabel: (ids: LabelIds) => storeLabel(deps, ids),
  recordLabel: (ids: LabelIds) => recordLabel(deps, ids),
  requestLabelVoid: (ids: LabelIds) => requestLabelVoid(deps, ids),
  withdrawLabelVoid: (ids: LabelIds) => withdrawLabelVoid(deps, ids),
  voidLabelShipment: (voided: VoidedBy) => voidLabelShipment(deps, voided),
  refundLabel: (asking: LabelIds & { ifScanned: 'answer' | 'reject' | 'park' }) => refundLabel(deps, asking),
  closeLabelVoid: (ids: LabelIds) => closeLabelVoid(deps, ids),
  lookUpRefunds: () => lookUpRefunds(deps),
});
