import { isImported, isLive, type DropshipStatus } from '../dropships/dropship.ts';
import { assertDivisible, assertInHouse, assertNotImported, splitRoute } from '../dropships/splits.ts';
import { DomainError, orRefusal, type ErrorCode } from '../errors.ts';
import { assertTakesShipments } from '../shipments/route.ts';
import { linesToShip, type OpenLine } from '../shipments/shipment.ts';
import {
  assertAsked,
  assertCancellable,
  assertOwnOrder,
  cancelRoute,
  linesToCancel,
  linesToGiveUp,
  unitsAsked,
  type AskedUnits,
} from './cancel.ts';
import { assertNothingShipped, type EditChange } from './edit.ts';
import { assertEditable, unitsLeft, type AnyLine, type OrderStatus, type SplitGroup } from './order.ts';
import { assertMayDropship } from './routing.ts';
import { assertMayAccept, assertMayReject, assertReceived } from './supplier-response.ts';

/** What an account may do with an order, by the commands' names. */
export const orderActions = [
  'ship',
  'accept',
  'reject',
  'acceptCancel',
  'declineCancel',
  'cancel',
  'split',
  'dropship',
  'editAddress',
  'acceptEdit',
  'dismissEdit',
] as const;
export type OrderAction = (typeof orderActions)[number];

/** `because`: the code of the command's refusal; null where it is allowed. */
export type PossibleAction = { action: OrderAction; allowed: boolean; because: ErrorCode | null };

type PlaceLine = OpenLine & AskedUnits & AnyLine;
/** A leaf of the order that came by the same dropship. */
export type FamilyLeaf = { orderId: string; isDropshipped: boolean; lines: readonly AskedUnits[] };

/** What decides about an order; units of its lines. */
type ActionPlace = {
  id: string;
  status: OrderStatus;
  parentId: string | null;
  /** The dropship that a supplier's order came by. */
  originDropshipId: string | null;
  /** The last dropship of the order. */
  dropship: { id: string; status: DropshipStatus; isImporting: boolean } | null;
  lines: readonly PlaceLine[];
  pendingEdit: { changes: readonly EditChange[] } | null;
  /** The order is the whole order that came by its dropship, not a leaf that this account made of it by itself. */
  isWholeOrigin: boolean;
  /** Of an order that came by a dropship: all leaves that it has here. The dropship's workflow decides for all of them. */
  family: readonly FamilyLeaf[];
  /** Why none of its products' suppliers may get it. Null where one may. */
  noSupplier: ErrorCode | null;
  /** Why its supplier could not ship what the pending edit leaves. Null where it could, or has nothing to do with it. */
  editRefusal: ErrorCode | null;
};

/**
 * What the account may do with an order now. Each answer comes from the assertions that the command itself makes, so that
 * an allowed command is not refused and a refused one is not allowed, as long as the order does not change in between.
 */
export function actionsOf(place: ActionPlace): PossibleAction[] {
  return orderActions.map((action) => {
    const refusal = orRefusal(() => assertions[action](place));
    const because = refusal instanceof DomainError ? refusal.code : null;
    return { action, allowed: because === null, because };
  });
}

const assertions: Record<OrderAction, (place: ActionPlace) => void> = {
  ship(place) {
    assertTakesShipments(place);
    linesToShip(place.lines);
  },
  accept(place) {
    assertMayAccept(place);
    assertNoneShipped(place.family);
  },
  reject: assertMayReturn,
  acceptCancel(place) {
    assertReceived(place);
    assertCancellable(place.status);
    linesToGiveUp(place.lines);
  },
  declineCancel(place) {
    assertReceived(place);
    assertCancellable(place.status);
    assertAsked(place.lines);
  },
  cancel(place) {
    if (cancelRoute(place).via === 'own') assertOwnOrder(place);
    assertCancellable(place.status);
    linesToCancel(place.lines);
  },
  split(place) {
    const route = splitRoute(place);
    if (route.via === 'own') assertInHouse(place);
    else if (route.side === 'merchant') assertNotImported(isImported(place));
    assertDivisible(place, twoGroups(place.lines));
  },
  dropship({ status, dropship, noSupplier }) {
    assertMayDropship(status);
    if (dropship && isLive(dropship.status))
      throw new DomainError('order_dropshipped', 'The order is dropshipped already.');
    refuseFor(noSupplier, 'No supplier of its products may get the order.');
  },
  editAddress: (place) => assertEditable(place.status, isImported(place)),
  acceptEdit(place) {
    const { changes } = editOf(place);
    assertEditable(place.status, isImported(place));
    assertNothingShipped(place.lines, changes);
    refuseFor(place.editRefusal, 'The supplier of the order could not ship what the edit leaves.');
  },
  dismissEdit: (place) => void editOf(place),
};

function refuseFor(code: ErrorCode | null, message: string): void {
  if (code !== null) throw new DomainError(code, message);
}

function editOf({ pendingEdit }: ActionPlace): NonNullable<ActionPlace['pendingEdit']> {
  if (pendingEdit) return pendingEdit;
  throw new DomainError('no_edit_pending', 'No edit of this order waits for a decision.');
}

/** The dropship's workflow answers for all leaves together. */
function assertNoneShipped(family: readonly FamilyLeaf[]): void {
  if (family.some(({ lines }) => lines.some((line) => line.shipped > 0)))
    throw new DomainError('order_shipped', 'Units of the order have shipped already.');
}

/** A part of an order that this account has split by itself cannot be returned alone. */
function assertMayReturn(place: ActionPlace): void {
  assertMayReject(place);
  const { id, parentId, family } = place;
  if (family.length === 0) throw new DomainError('order_is_split', 'The order is split; act on its leaves.');
  assertNoneShipped(family);
  const others = family.filter(({ orderId, lines }) => orderId !== id && lines.some((line) => unitsLeft(line) > 0));
  if (parentId === null || others.length === 0) return family.forEach(assertInHouseLeaf);
  if (family.some(({ lines }) => lines.some((line) => unitsAsked(line) > 0)))
    throw new DomainError('cancel_pending', 'Units of the order are asked to be cancelled.');
  throw new DomainError('order_is_split', 'The order is split; reject it as a whole.');
}

function assertInHouseLeaf({ isDropshipped }: FamilyLeaf): void {
  if (isDropshipped) throw new DomainError('order_dropshipped', 'Units of the order are dropshipped.');
}

/** The groups of a split that is possible if any is: one unit, and all others. */
function twoGroups(lines: readonly PlaceLine[]): SplitGroup[] {
  const open = lines
    .map((line) => ({ lineId: line.lineId, quantity: unitsLeft(line) }))
    .filter(({ quantity }) => quantity > 0);
  const [first, ...rest] = open;
  if (!first) return [];
  const left = { ...first, quantity: first.quantity - 1 };
  return [[{ ...first, quantity: 1 }], left.quantity > 0 ? [left, ...rest] : rest];
}
