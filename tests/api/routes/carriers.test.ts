import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openApi, type Caller, type TestApi } from '../../support/engine/test-api.ts';

let api: TestApi;
let packer: Caller;
beforeAll(async () => {
  api = await openApi();
  packer = await api.anAccount(['read']);
});
afterAll(() => api.close());

type Carrier = { code: string; name: string; requiresName: boolean };

it('the carriers are listed by name, and other is last and needs a name', async () => {
  const { data } = (await packer.get('/v1/carriers')).json<{ data: Carrier[] }>();

  expect(data).toContainEqual({ code: 'ups', name: 'UPS', requiresName: false });
  expect(data.at(-1)).toEqual({ code: 'other', name: 'Other', requiresName: true });
  expect(new Set(data.map(({ code }) => code)).size).toBe(data.length);
  const names = data.slice(0, -1).map(({ name }) => name);
  expect(names).toEqual([...names].sort((one, next) => one.localeCompare(next, 'en')));
});

describe('a tracking number', () => {
  const recognize = (trackingNumber: string) => packer.post('/v1/carriers/recognize', { trackingNumber });

  it.each([
    [' 1Z 999 AA1 01 2345 6784\r\n', '1Z 999 AA1 01 2345 6784', 'ups'],
    ['="9400111899223197428490"', '9400111899223197428490', 'usps'],
  ])('is read as a shipment stores it, with its carrier: %s', async (typed, trackingNumber, carrier) => {
    expect((await recognize(typed)).json()).toEqual({ trackingNumber, carrier, candidates: [carrier] });
  });

  it('of no known shape has no carrier', async () => {
    expect((await recognize('HELLO-7')).json()).toEqual({ trackingNumber: 'HELLO-7', carrier: null, candidates: [] });
  });

  it('that is none is refused as in a shipment', async () => {
    const none = await recognize('n/a');
    const blank = await recognize(' ');

    expect(none.json()).toMatchObject({ status: 422, code: 'tracking_not_acceptable' });
    expect(blank.json()).toMatchObject({ status: 422, errors: [{ pointer: '/trackingNumber' }] });
  });
});
