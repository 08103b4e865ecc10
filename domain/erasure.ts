import { DomainError } from './errors.ts';
import type { Address } from './orders/order.ts';

/** Stands where a text about a person was. */
export const erasedText = 'erased';

/** Stands in place of an address. The country stays: it names no person, and taxes and statistics need it. */
export const erasedPlace: Omit<Address, 'country'> = {
  name: erasedText,
  address1: erasedText,
  city: erasedText,
  postalCode: erasedText,
};

/** `requested`: its orders are looked for; `waiting`: some are still open; `done`: all are erased. */
export const erasureStatuses = ['requested', 'waiting', 'done'] as const;
export type ErasureStatus = (typeof erasureStatuses)[number];

export function erasureStatus(erasure: { isSearched: boolean; isDone: boolean }): ErasureStatus {
  if (erasure.isDone) return 'done';
  return erasure.isSearched ? 'waiting' : 'requested';
}

/** An open order is looked at again after so many minutes. */
export const minutesBetweenLooks = 10;

/** What was stored by requests and jobs that had begun before the erasure is erased by a second one, so many minutes later. */
export const minutesToSecondLook = 60;

/** A shipment that its shop does not show after so many days delays no erasure any more. */
export const daysToWaitForShop = 30;

/** Why an account still needs the data of an order. */
export type NeedsOfOrder = {
  hasOpenUnits: boolean;
  hasLiveDropship: boolean;
  isParked: boolean;
  hasOpenLabel: boolean;
  isPrinting: boolean;
  isOnItsWayToShop: boolean;
};

/** An order is erased once nobody needs its data to ship it, in any account of its chain. */
export const isClosed = (needs: NeedsOfOrder): boolean => Object.values(needs).every((needed) => !needed);

/**
 * Where an order came from a merchant, that merchant decides about its data, for all accounts of the chain.
 * @throws DomainError `order_received`
 */
export function assertOwnSource({ originDropshipId }: { originDropshipId: string | null }): void {
  if (originDropshipId === null) return;
  throw new DomainError('order_received', 'The order came from a merchant, who decides about its data.');
}

/** Nothing may be bought for an order without an address, or stored in it. @throws DomainError `order_erased` */
export function assertNotErased({ erasedAt }: { erasedAt: string | null }): void {
  if (erasedAt !== null) throw new DomainError('order_erased', 'The personal data of the order is erased.');
}

type Json = Record<string, unknown>;

/**
 * A stored answer without what it says about people: in each object of these orders, and of their shipments and labels.
 * @param answer JSON
 */
export function withoutPeople(answer: unknown, orderIds: ReadonlySet<string>): unknown {
  if (Array.isArray(answer)) return answer.map((item) => withoutPeople(item, orderIds));
  if (!isObject(answer)) return answer;
  const isMeant = [answer['id'], answer['orderId']].some((id) => typeof id === 'string' && orderIds.has(id));
  return Object.fromEntries(
    Object.entries(answer).map(([name, value]) => [
      name,
      isMeant && value !== null && name in personal ? personal[name]!(value, answer) : withoutPeople(value, orderIds),
    ]),
  );
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const placeOf = (value: unknown): unknown => (isObject(value) ? { ...erasedPlace, country: value['country'] } : value);

/** The fields of orders, shipments and labels that people fill in, or that are about people. */
const personal: Readonly<Record<string, (value: unknown, within: Json) => unknown>> = {
  shipTo: placeOf,
  billTo: placeOf,
  customer: () => ({ name: erasedText }),
  notes: () => ({}),
  tags: () => [],
  pendingEdit: () => null,
  carrierName: (value, { carrier }) => (carrier === 'other' ? erasedText : value),
  trackingUrl: () => null,
  service: (value, within) => ('trackingUrl' in within ? null : value),
};
