import { DomainError } from '../errors.ts';
import type { Money } from '../orders/order.ts';
import type { LabelPolicy } from './account.ts';
import type { LabelContent, LabelPayer } from './label.ts';

/** What a merchant set for a supplier. `services`: as `isLent` reads them. `maxCost`: of one label. */
export type LabelTerms = {
  policy: LabelPolicy;
  lentLabelAccountId: string | null;
  services: readonly string[];
  maxCost: Money | null;
};

/** The terms of a merchant that has set nothing, and of an order that came from no merchant. */
export const ownTerms: LabelTerms = { policy: 'supplier_pays', lentLabelAccountId: null, services: [], maxCost: null };

/**
 * Whose label account pays. Where the merchant leaves the choice, a supplier that names one of its own accounts pays itself.
 * @param named the label account that the request names, of the supplier's own
 * @throws DomainError `carrier_not_allowed` for an own account where the merchant pays, `label_account_missing` where it
 *   lends none
 */
export function payerOf({ policy, lentLabelAccountId }: LabelTerms, named: string | undefined): LabelPayer {
  if (policy === 'supplier_pays') return 'account';
  if (policy === 'supplier_choice' && named !== undefined) return 'account';
  if (named !== undefined) {
    const detail = 'The merchant of this order pays its labels: name no label account.';
    throw new DomainError('carrier_not_allowed', detail, [{ pointer: '/labelAccountId', detail }]);
  }
  if (lentLabelAccountId === null)
    throw new DomainError('label_account_missing', 'The merchant lends no label account.');
  return 'merchant';
}

/**
 * Providers add the fee of an insurance to the price that a quote shows, so it would pass the merchant's highest price.
 * @throws DomainError `carrier_not_allowed` naming `/insuredValue`
 */
export function assertInsurable(payer: LabelPayer, { insuredValue }: Pick<LabelContent, 'insuredValue'>): void {
  if (payer === 'account' || insuredValue === null) return;
  const detail = 'The merchant of this order pays its labels, and pays no insurance: leave insuredValue out.';
  throw new DomainError('carrier_not_allowed', detail, [{ pointer: '/insuredValue', detail }]);
}

/**
 * A policy other than `supplier_pays` lends an account.
 * @throws DomainError `invalid_request` naming `/lentLabelAccountId`
 */
export function assertLends({ policy, lentLabelAccountId }: Pick<LabelTerms, 'policy' | 'lentLabelAccountId'>): void {
  if (policy === 'supplier_pays' || lentLabelAccountId !== null) return;
  const detail = `The policy ${policy} needs a label account that you lend.`;
  throw new DomainError('invalid_request', detail, [{ pointer: '/lentLabelAccountId', detail }]);
}

type Offer = { carrier: string; service: string; cost: Money };

/**
 * Whether a merchant's terms let its supplier buy this. A service is named `ups`, all of this carrier, or `ups/Ground`,
 * as the provider spells it. Case does not count. A price in another currency than the highest price is too high.
 */
export function isLent(terms: Pick<LabelTerms, 'services' | 'maxCost'>, { carrier, service, cost }: Offer): boolean {
  const { services, maxCost } = terms;
  if (maxCost && (cost.currency !== maxCost.currency || cost.amount > maxCost.amount)) return false;
  const names = [carrier, `${carrier}/${service}`].map((name) => name.toLowerCase());
  return services.length === 0 || services.some((name) => names.includes(name.toLowerCase()));
}

/** The cheapest first. Prices in different currencies cannot be compared: each currency stays together. */
export const cheapestFirst = <O extends Offer>(offers: readonly O[]): O[] =>
  offers.toSorted(
    (one, other) =>
      one.cost.currency.localeCompare(other.cost.currency) ||
      one.cost.amount - other.cost.amount ||
      one.service.localeCompare(other.service),
  );
