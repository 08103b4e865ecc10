import { describe, expect, it } from '@jest/globals';
import { badgeOf } from '../../../domain/orders/badge.ts';
import { openStatuses, shipperOf, statusesListed } from '../../../domain/orders/list.ts';
import { numberBeginnings } from '../../../domain/orders/numbers.ts';
import { orderStatuses } from '../../../domain/orders/order.ts';

describe('the badge of an order', () => {
  const open = { overallStatus: 'awaiting_fulfillment', attentionCode: null, cancelRequestedAt: null, acceptedAt: null } as const; // prettier-ignore
  const at = '2026-11-20T10:00:00.000Z';

  it.each([
    ['to_ship', {}],
    ['accepted', { acceptedAt: at }],
    ['cancel_requested', { acceptedAt: at, cancelRequestedAt: at }],
    ['attention', { acceptedAt: at, cancelRequestedAt: at, attentionCode: 'unmapped_sku' }],
    ['with_supplier', { acceptedAt: at, overallStatus: 'dropship_requested' }],
    ['partly_shipped', { acceptedAt: at, overallStatus: 'partially_shipped' }],
    ['shipped', { overallStatus: 'shipped' }],
    ['cancelled', { overallStatus: 'cancelled' }],
  ] as const)('is the first that holds: %s', (badge, order) => {
    expect(badgeOf({ ...open, ...order })).toBe(badge);
  });
});

it.each([
  ['in_house', { status: 'awaiting_fulfillment', dropshipStatus: null }],
  ['in_house', { status: 'awaiting_fulfillment', dropshipStatus: 'rejected' }],
  ['supplier', { status: 'dropship_requested', dropshipStatus: 'requested' }],
  ['supplier', { status: 'shipped', dropshipStatus: 'shipped' }],
  ['parts', { status: 'split', dropshipStatus: 'split', overallStatus: 'shipped' }],
  [null, { status: 'cancelled', dropshipStatus: 'cancelled' }],
  [null, { status: 'split', dropshipStatus: null, overallStatus: 'cancelled' }],
] as const)('ships from: %s', (shipper, order) => {
  expect(shipperOf({ overallStatus: order.status, ...order })).toBe(shipper);
});

it('lists the statuses that all filters leave', () => {
  expect(statusesListed({})).toEqual(orderStatuses);
  expect(statusesListed({ leaves: true })).not.toContain('split');
  expect(statusesListed({ late: true })).toEqual(openStatuses);
  expect(statusesListed({ accepted: true, status: ['shipped', 'partially_shipped', 'partially_shipped'] })).toEqual(['partially_shipped']); // prettier-ignore
  expect(statusesListed({ cancelRequested: true, status: ['shipped'] })).toEqual([]);
});

it('searches a number with and without #, blanks and case', () => {
  expect(numberBeginnings(' # so-1 ')).toEqual(['so-1', '#so-1', 'SO-1', '#SO-1']);
  expect(numberBeginnings('##')).toEqual([]);
});
