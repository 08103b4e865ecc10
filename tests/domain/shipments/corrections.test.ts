import { describe, expect, it } from '@jest/globals';
import { changeRoute, type ShipmentTracking } from '../../../domain/shipments/corrections.ts';
import { corrected, correctionOf } from '../../../domain/shipments/tracking-change.ts';
import { codeOf } from '../../support/engine/refusal.ts';

const shipped: ShipmentTracking = {
  method: 'tracked',
  carrier: 'ups',
  carrierName: 'UPS',
  trackingNumber: '1Z1',
  trackingUrl: 'https://www.ups.com/track?tracknum=1Z1',
  service: 'Ground',
};
const shipment = (change: object = {}) => ({
  ...shipped,
  id: 'shp_1',
  status: 'recorded' as const,
  lines: [{ lineId: 'l1', quantity: 1 }],
  ...change,
});

describe('a correction', () => {
  it('changes what it names; the carrier’s page follows the number and the carrier', () => {
    expect(corrected(shipped, { trackingNumber: '1Z2' })).toEqual({
      ...shipped,
      trackingNumber: '1Z2',
      trackingUrl: 'https://www.ups.com/track?tracknum=1Z2',
    });
    expect(corrected(shipped, { carrier: 'other', carrierName: 'Bob' })).toEqual({
      ...shipped,
      carrier: 'other',
      carrierName: 'Bob',
      service: null,
      trackingUrl: null,
    });
    expect(corrected(shipped, { service: 'Air' })).toEqual({ ...shipped, service: 'Air' });
    expect(corrected(shipped, { trackingNumber: '2', trackingUrl: 'https://x.example' }).trackingUrl).toBe(
      'https://x.example',
    );
  });

  it('keeps the name of a carrier that no table knows, and asks for one where there is none', () => {
    const other = { ...shipped, carrier: 'other', carrierName: 'Bob' };

    expect(corrected(other, { trackingNumber: '7' })).toMatchObject({ carrierName: 'Bob', trackingUrl: null });
    expect(codeOf(() => corrected(shipped, { carrier: 'other' }))).toBe('carrier_name_missing');
  });

  it('must not make it the same as another recorded shipment', () => {
    const same = shipment({ id: 'shp_2', trackingNumber: '1Z-2' });
    const refusal = (sisters: ReturnType<typeof shipment>[]) =>
      codeOf(() => correctionOf(shipment(), { trackingNumber: '1z2' }, sisters));

    expect(refusal([shipment(), same])).toBe('tracking_already_recorded');
    expect(refusal([shipment(), shipment({ ...same, status: 'voided' })])).toBeNull();
    expect(refusal([shipment(), shipment({ ...same, lines: [{ lineId: 'l2', quantity: 1 }] })])).toBeNull();
    expect(codeOf(() => correctionOf(shipment({ status: 'voided' }), { service: 'x' }, []))).toBe('shipment_voided');
  });
});

describe('who changes a shipment', () => {
  it('is its account, the workflow it came to by, or the supplier it came from', () => {
    expect(changeRoute({ dropshipId: null }, { originDropshipId: null })).toEqual({ via: 'own' });
    expect(changeRoute({ dropshipId: 'd1' }, { originDropshipId: 'd1' })).toEqual({ via: 'message', dropshipId: 'd1' });
    expect(codeOf(() => changeRoute({ dropshipId: 'd2' }, { originDropshipId: 'd1' }))).toBe('order_dropshipped');
    expect(codeOf(() => changeRoute({ dropshipId: 'd2' }, { originDropshipId: null }))).toBe('order_dropshipped');
  });
});
