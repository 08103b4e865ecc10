import type { LabelProviderKind } from '../../domain/labels/account.ts';
import type { CustomsItem } from '../../domain/labels/customs.ts';
import type { Parcel, RefundStatus, Signature } from '../../domain/labels/label.ts';
import type { Address, Money } from '../../domain/orders/order.ts';
import type { Fetch } from '../channels/channel.ts';

/**
 * A parcel to be rated. `reference` is the rating's id; the provider stores it. For a return label, `from` is the customer and
 * `to` the warehouse: the caller has swapped them. `customs`: given when the parcel crosses a border of customs.
 */
export type RateRequest = {
  reference: string;
  from: Address;
  to: Address;
  parcel: Parcel;
  customs: CustomsItem[] | null;
  insuredValue: Money | null;
  signature: Signature;
  isReturn: boolean;
};

/** `carrier`: a code of domain/shipments/carriers.ts, or `other`; `carrierName` and `service` as the provider spells them. */
export type ProviderRate = {
  rateId: string;
  carrier: string;
  carrierName: string;
  service: string;
  cost: Money;
  deliveryDays: number | null;
};
/** `failures`: carriers that gave no rate, in the provider's words without personal data where it can be known. */
export type Rated = { shipmentId: string; rates: ProviderRate[]; failures: { carrier: string; reason: string }[] };

/**
 * `labelId`: our label; the provider stores it where it can, so that `find` finds the purchase. `insuredValue`: as it was rated.
 */
export type Purchase = { shipmentId: string; rateId: string; labelId: string; insuredValue: Money | null };

/**
 * `providerLabelId`: of the purchase, for refunds. `cost`: all that was charged; fees of the provider may make it more than the
 * rate. `fileUrl`: where the bytes are; the link dies within hours, and `find` gives a new one.
 */
export type Bought = {
  providerLabelId: string;
  carrier: string;
  carrierName: string;
  service: string;
  trackingNumber: string;
  trackingUrl: string | null;
  cost: Money;
  fileUrl: string;
};

/**
 * - auth_failed: the credentials are refused.
 * - unavailable: nothing was done; try again. rate_limited: after so many seconds.
 * - unknown_outcome: it may have been done; only `find` says.
 * - refused: nothing was done, and the same again will be refused. `code`: why.
 */
export type LabelFault =
  | { kind: 'auth_failed' }
  | { kind: 'unavailable' }
  | { kind: 'rate_limited'; retryAfter: number }
  | { kind: 'unknown_outcome' }
  | {
      kind: 'refused';
      code:
        | 'address_not_deliverable'
        | 'label_refused'
        | 'balance_too_low'
        | 'rate_expired'
        | 'label_scanned'
        | 'invalid_request';
    };

export class LabelError extends Error {
  readonly fault: LabelFault;
  constructor(fault: LabelFault) {
    super(`label provider: ${fault.kind}${fault.kind === 'refused' ? ` ${fault.code}` : ''}`);
    this.name = 'LabelError';
    this.fault = fault;
  }
}

type ProviderTraits = {
  /** The provider itself refuses a second purchase of the same shipment, so that `buy` may be sent again at once. */
  refusesSecondPurchase: boolean;
};

/**
 * The interface of all providers of labels. Clients classify faults; they never retry or sleep. All calls are for one account.
 */
export interface LabelProvider {
  readonly kind: LabelProviderKind;
  readonly traits: ProviderTraits;
  /** Tries the credentials without cost. `carriers`: codes that the account can buy; empty where the provider does not say it. @throws LabelError */
  check(): Promise<{ isTest: boolean; carriers: string[] }>;
  /** Makes a shipment at the provider and gets its rates. It costs nothing. @throws LabelError */
  rate(request: RateRequest): Promise<Rated>;
  /**
   * Buys a rate. One that is bought already is answered, not bought again, where the provider can say so (`traits`).
   * @throws LabelError
   */
  buy(purchase: Purchase): Promise<Bought>;
  /**
   * What was bought of this shipment and rate for this label, or null.
   * @throws LabelError `auth_failed` also where these credentials cannot see the shipment: another account or mode bought it
   */
  find(purchase: Purchase): Promise<Bought | null>;
  /** The label's page: a PNG of 4 × 6 inches at 300 dpi where the provider has one, else a PDF. @throws LabelError */
  fetchLabel(
    bought: Pick<Bought, 'fileUrl'>,
  ): Promise<{ bytes: Uint8Array; mediaType: 'image/png' | 'application/pdf' }>;
  /** Asks for the money back; asked before: its state. @throws LabelError `label_scanned` where the carrier has the parcel */
  refund(of: { shipmentId: string; providerLabelId: string }): Promise<RefundStatus>;
  /** How far the refund is. @throws LabelError */
  refundStatus(of: { shipmentId: string; providerLabelId: string }): Promise<RefundStatus>;
}

/**
 * `fetch` refuses private addresses; it fetches labels. `urls` are those of the providers' APIs, which the operator sets and tests
 * replace; the providers' own clients call them. `signal` ends the calls.
 */
export type ProviderTools = {
  fetch: Fetch;
  urls: { easypost: string; shippo: string };
  now: () => Date;
  signal: AbortSignal;
};
/**
 * Opens a provider, for each activity again. It parses the credentials: `{ apiKey }`, or nothing for `test`.
 * @throws LabelError `auth_failed` for credentials of another shape
 */
export type ProviderFactory = (credentials: unknown, tools: ProviderTools) => LabelProvider;
