import { describe, expect, it } from '@jest/globals';
import { changesOf } from '../../../domain/orders/edit.ts';

const shipTo = { name: 'A Buyer', address1: 'Street 1', city: 'Town', postalCode: '1', country: 'DE' };

/** A line of three units, of which `remaining` are not cancelled here, in a shop that lowers its quantity itself. */
const kindsOf = (remaining: number, inShop: { quantity: number; cancelled?: number } | null) =>
  changesOf(
    {
      shipTo,
      shippingMethod: null,
      shop: null,
      lines: [{ lineId: 'l', remoteLineId: 'L', sku: 'MUG', quantity: 3, remaining }],
    },
    {
      shipTo,
      shippingMethod: null,
      lines: inShop ? [{ remoteLineId: 'L', sku: 'MUG', name: 'Mug', unitPriceMinor: null, ...inShop }] : [],
    },
  ).map(({ kind }) => kind);

describe('an edit of a shop that lowers its quantity', () => {
  it.each([
    ['is one while more units are wanted here', { remaining: 3, inShop: { quantity: 2 }, kinds: ['quantity_changed'] }],
    ['is none once these units are cancelled here', { remaining: 2, inShop: { quantity: 2 }, kinds: [] }],
    [
      'is one again where the shop takes off another',
      { remaining: 2, inShop: { quantity: 1 }, kinds: ['quantity_changed'] },
    ],
    ['is one where the shop adds some again', { remaining: 1, inShop: { quantity: 2 }, kinds: ['quantity_changed'] }],
    ['is one when the line vanishes', { remaining: 2, inShop: null, kinds: ['line_removed'] }],
    ['is none when the line vanishes that is cancelled here', { remaining: 0, inShop: null, kinds: [] }],
    ['is one when units are added', { remaining: 2, inShop: { quantity: 4 }, kinds: ['quantity_changed'] }],
    [
      'is none where the shop counts cancelled units',
      { remaining: 2, inShop: { quantity: 3, cancelled: 1 }, kinds: [] },
    ],
  ])('%s', (_what, { remaining, inShop, kinds }) => {
    expect(kindsOf(remaining, inShop)).toEqual(kinds);
  });
});
