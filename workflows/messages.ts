import { defineSignal, defineUpdate } from '@temporalio/workflow';
import type { Shipment } from '../db/shipments/shipments.ts';
import type { Actor } from '../domain/account.ts';
import type { ResolutionAction } from '../domain/attention.ts';
import type { StateLine } from '../domain/dropships/state.ts';
import type { SplitSide } from '../domain/dropships/splits.ts';
import type { AskedContent } from '../domain/labels/label.ts';
import type { CancelReason, DeclineReason, Remaining } from '../domain/orders/cancel.ts';
import type { RejectReason } from '../domain/orders/supplier-response.ts';
import type { TrackingChange, VoidReason } from '../domain/shipments/corrections.ts';
import type { TrackingTexts } from '../domain/shipments/texts.ts';
import type { ShipmentMethod } from '../domain/shipments/method.ts';
import type { ShipmentLine } from '../domain/shipments/shipment.ts';

/**
 * Every Update and Signal that a workflow takes, with its input, and what activities and workflows give each other.
 * Other rooms import this file, `names.ts`, `starts.ts` and `schedules.ts`, and nothing else of workflows/.
 */

/** The request's Idempotency-Key and the fingerprint of its body. They are stored with the effect (law 1). */
export type RequestKey = { key: string; fingerprint: string };

/** The supplier's shipment as recorded: ids, quantities, carrier and tracking, without a person's words (law 8). */
export type RecordedShipment = Omit<Shipment, keyof TrackingTexts>;

/**
 * A shipment of the supplier. `lines` have the merchant's line ids and quantities in units. `orderId` is the leaf in the
 * supplier's account. It is absent where that account has recorded the shipment already (a chain of suppliers).
 */
export type RecordShipmentInput = {
  shipmentId: string;
  orderId?: string;
  lines: { lineId: string; quantity: number }[];
  /** Left out: tracked. */
  method?: ShipmentMethod;
  carrier: string | null;
  trackingNumber: string | null;
  /** The row with what a person wrote of it. Left out where all follows from carrier and number, and of a label. */
  textsId?: string;
  shippedAt: string;
  labelCost?: { amount: number; currency: string };
  /** The label whose shipment it is: once the label is void, nothing is recorded. */
  labelId?: string;
  by: string;
  key?: RequestKey;
};
export const recordShipment = defineUpdate<RecordedShipment, [RecordShipmentInput]>('recordShipment');

/**
 * Changes a shipment. `revision` is given for a shipment from further down the chain, whose rows have it already.
 * Without it the supplier's own shipment gets its next revision.
 */
export type ShipmentChange = { shipmentId: string; revision?: number; by: string; key?: RequestKey };
/** A field that is left out stays as it is. `textsId`: as of a new shipment. */
export type CorrectTrackingInput = ShipmentChange & Omit<TrackingChange, keyof TrackingTexts> & { textsId?: string };
/** `noteId`: the timeline entry that holds the caller's words. */
export type VoidShipmentInput = ShipmentChange & { reason: VoidReason; noteId?: string };
export const correctTracking = defineUpdate<RecordedShipment, [CorrectTrackingInput]>('correctTracking');
export const voidShipment = defineUpdate<RecordedShipment, [VoidShipmentInput]>('voidShipment');

/**
 * A cancel. `lines` have the merchant's line ids; null means all lines. `noteId`: the timeline entry that holds the
 * caller's words.
 */
type Cancel<Line> = {
  lines: Line[] | null;
  reason: CancelReason;
  actor: Actor;
  noteId?: string;
  key?: RequestKey;
};
/** The merchant's wish: how many units of each line stay ordered. */
export type RequestCancelInput = Cancel<Remaining>;
/** The supplier's consent to the request, or to some units of it. `orderId`: the leaf that it consents for. */
export type AcceptCancelInput = Cancel<{ lineId: string; quantity: number }> & { orderId: string };
/** `cancelled`: the supplier never had these units; `requested`: it is asked; `unchanged`: it was asked before. */
export type CancelOutcome = 'cancelled' | 'requested' | 'unchanged';
export const requestCancel = defineUpdate<{ outcome: CancelOutcome }, [RequestCancelInput]>('requestCancel');
export const acceptCancel = defineUpdate<void, [AcceptCancelInput]>('acceptCancel');
/** The supplier ships the requested units all the same. `orderId`: the leaf that it declines for; `noteId`: as above. */
export type DeclineCancelInput = {
  orderId: string;
  reason: DeclineReason;
  actor: Actor;
  noteId?: string;
  key?: RequestKey;
};
export const declineCancel = defineUpdate<void, [DeclineCancelInput]>('declineCancel');

/** Units that the supplier gives up. Without an actor it is the merchant's whole wish. `orderId`: the leaf to answer with. */
export type GivenUpAtSupplier = {
  dropshipId: string;
  lines: Remaining[];
  reason: CancelReason;
  actor?: Actor;
  noteId?: string;
  orderId?: string;
  key?: RequestKey;
};

/** `orderId`: the supplier's leaf that the response is about. */
type SupplierResponse = { orderId: string; actor: Actor; key?: RequestKey };
/** The supplier will ship. `expectedShipAt`: an ISO time. */
export type AcceptOrderInput = SupplierResponse & { expectedShipAt?: string };
/**
 * The supplier will not ship. `lines` have the merchant's line ids; null means all open units. `noteId`: the timeline
 * entry that holds the supplier's words.
 */
export type RejectOrderInput = SupplierResponse & {
  reason: RejectReason;
  lines: ShipmentLine[] | null;
  noteId?: string;
};
export const acceptOrder = defineUpdate<void, [AcceptOrderInput]>('acceptOrder');
export const rejectOrder = defineUpdate<void, [RejectOrderInput]>('rejectOrder');

/**
 * The merchant splits before the supplier has its order; later the supplier does. `groups` have the merchant's line ids
 * and contain all open units.
 */
export type SplitOrderInput = { side: SplitSide; groups: ShipmentLine[][]; actor: Actor; key?: RequestKey };
export const splitOrder = defineUpdate<void, [SplitOrderInput]>('splitOrder');

/** The Import Orders task of the supplier's portal has reached this dropship. `lines`: it has imported it. */
export type ImportReleasedInput = { lines: StateLine[] };
export const importReleased = defineSignal<[ImportReleasedInput?]>('importReleased');
/** The Cancel Orders task of the supplier's portal has reached this dropship: the requested units are cancelled. */
export const cancelsReleased = defineSignal('cancelsReleased');
/** Units that the supplier had dropshipped further are cancelled there, and so on the supplier's own order. */
export const cancelledDownstream = defineSignal<[{ lines: Remaining[]; reason: CancelReason }]>('cancelledDownstream');

/** A shipment was corrected or voided. `by`: who did it. A parked push of this shipment gives way to them. */
export const shipmentChanged = defineSignal<[{ by: string }]>('shipmentChanged');

/** The own brand changed while it is being copied to the suppliers. */
export const brandChanged = defineSignal('brandChanged');

/**
 * A person voids a label: the money is asked for, and its shipment is void. `by`: an opaque id; `noteId`: the timeline entry
 * that holds the caller's words.
 */
export type VoidLabelInput = { by: string; reason: VoidReason; noteId?: string };
export const voidLabel = defineUpdate<void, [VoidLabelInput]>('voidLabel');

/** A decision about a parked step. `by`: an opaque id of who decided, a key's id or a word such as `ops`. */
export type Resolution = { action: ResolutionAction; by: string };
export const resolveAttention = defineUpdate<void, [Resolution]>('resolveAttention');
/** For batches from the Temporal UI and CLI, which can send Signals only. It decides like the Update. */
export const attentionResolved = defineSignal<[Resolution]>('attentionResolved');

/** The subject of an attention. The rows are found by these ids. */
export type Subject = { orderId?: string; dropshipId?: string; shipmentId?: string };

/**
 * How far a channel has resumed. `after`: the last attention that was resumed; `atWork`: the attentions whose push may
 * not have ended yet.
 */
export type ResumeProgress = { after: string | null; atWork: { attentionId: string; resumedAt: string }[] };

/** How far a label account has resumed. `after`: the last attention that was resumed. */
export type LabelResumeProgress = { after: string | null };

/** A parcel to be rated. `labelAccountId`: of the order's own account, where the request names one. Quantities in units. */
export type RateParcelInput = {
  ratingId: string;
  orderId: string;
  labelAccountId?: string;
  isReturn: boolean;
  content: AskedContent;
  key?: RequestKey;
};

/** The pause that the worker is configured with now, so that a changed one holds from the next round. */
export type Round = { intervalMs: number };
