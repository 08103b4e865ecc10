import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sharedFields, type SharedField } from '../../../domain/connection.ts';
import { whatCrosses, type MerchantSide } from '../../../domain/dropships/crossing.ts';

/** Every field of the merchant's bears a canary of its own, `~` and its path: one that crosses is seen by its name. */
function aSide(shared: readonly SharedField[]): MerchantSide {
  const address = (of: string) => ({
    name: `~${of}.name`,
    company: `~${of}.company`,
    address1: `~${of}.address1`,
    address2: `~${of}.address2`,
    city: `~${of}.city`,
    province: `~${of}.province`,
    postalCode: `~${of}.postalCode`,
    country: `~${of}.country`,
    phone: `~${of}.phone`,
    email: `~${of}.email`,
    latitude: `~${of}.latitude`,
  });
  const line = (id: string, openUnits: number) => ({
    lineId: `~${id}.lineId`,
    productId: `~${id}.productId`,
    sku: `~${id}.sku`,
    supplierSku: `~${id}.supplierSku`,
    name: `~${id}.name`,
    openUnits,
    unitPriceMinor: 4_711,
    costMinor: 815,
    margin: `~${id}.margin`,
    quantity: 999,
  });
  const order = {
    number: '~number',
    placedAt: '~placedAt',
    currency: '~currency',
    shipTo: address('shipTo'),
    billTo: address('billTo'),
    customerNote: '~customerNote',
    internalNote: '~internalNote',
    tags: ['~tags'],
    shippingMethod: '~shippingMethod',
    via: ['~via'],
    customer: { name: '~customer.name', email: '~customer.email' },
    remoteId: '~remoteId',
    timeline: ['~timeline'],
  };
  return {
    dropshipId: '~dropshipId',
    merchantAccountId: '~merchantAccountId',
    merchantName: '~merchantName',
    order,
    lines: [line('first', 2), line('gone', 0)],
    shared,
    shippingMethods: { '~shippingMethod': '~mappedMethod', '~otherMethod': '~otherMapped' },
    defaultShippingMethod: '~defaultMethod',
  };
}

const always = [
  ...['dropshipId', 'number', 'placedAt', 'currency', 'mappedMethod', 'merchantName', 'via', 'merchantAccountId'],
  ...['shipTo.name', 'shipTo.company', 'shipTo.address1', 'shipTo.address2'],
  ...['shipTo.city', 'shipTo.province', 'shipTo.postalCode', 'shipTo.country'],
  ...['first.lineId', 'first.productId', 'first.supplierSku', 'first.name'],
];
const billTo = ['name', 'company', 'address1', 'address2', 'city', 'province', 'postalCode', 'country'];
/** What each shared field adds; phone and e-mail of bill-to cross only when both are shown. */
const adds: Record<SharedField, (shared: readonly SharedField[]) => string[]> = {
  phone: (shared) => ['shipTo.phone', ...(shared.includes('billTo') ? ['billTo.phone'] : [])],
  email: (shared) => ['shipTo.email', ...(shared.includes('billTo') ? ['billTo.email'] : [])],
  billTo: () => billTo.map((field) => `billTo.${field}`),
  customerNote: () => ['customerNote'],
  internalNote: () => ['internalNote'],
  tags: () => ['tags'],
  prices: () => [],
  costs: () => [],
};

const canariesIn = (crossed: object) => [...new Set(JSON.stringify(crossed).match(/~[\w.]+/g))].sort();
const allowed = (shared: readonly SharedField[]) =>
  [...always, ...shared.flatMap((field) => adds[field](shared))].map((field) => `~${field}`).sort();

describe('what crosses to a supplier', () => {
  it('is, for every set of shared fields, exactly what is allowed, and no other canary', () => {
    // All 256 sets: a field that leaks only together with another one is seen too.
    for (let set = 0; set < 2 ** sharedFields.length; set += 1) {
      const shared = sharedFields.filter((_field, index) => set & (1 << index));

      const crossed = whatCrosses(aSide(shared));

      expect({ shared, crossed: canariesIn(crossed) }).toEqual({ shared, crossed: allowed(shared) });
      const text = JSON.stringify(crossed);
      expect([text.includes('4711'), text.includes('815')]).toEqual([
        shared.includes('prices'),
        shared.includes('costs'),
      ]);
      expect(text).not.toContain('999');
    }
  });

  it('is this and nothing more when the merchant shows nothing', () => {
    expect(whatCrosses(aSide([]))).toEqual({
      version: 2,
      dropshipId: '~dropshipId',
      number: '~number',
      placedAt: '~placedAt',
      currency: '~currency',
      shipTo: Object.fromEntries(billTo.map((field) => [field, `~shipTo.${field}`])),
      shippingMethod: '~mappedMethod',
      lines: [
        {
          lineId: '~first.lineId',
          productId: '~first.productId',
          sku: '~first.supplierSku',
          name: '~first.name',
          quantity: 2,
        },
      ],
      merchantName: '~merchantName',
      via: ['~via', '~merchantAccountId'],
    });
  });

  it('puts prices and costs on their lines only when they are shown and known', () => {
    const side = aSide(['prices', 'costs']);
    const [line] = side.lines;
    const unknown = { ...side, lines: [{ ...line!, productId: null, unitPriceMinor: null, costMinor: null }] };
    const free = { ...side, lines: [{ ...line!, unitPriceMinor: 0, costMinor: 0 }] };

    expect(whatCrosses(side).lines[0]).toMatchObject({ unitPriceMinor: 4_711, costMinor: 815 });
    expect(Object.keys(whatCrosses(unknown).lines[0]!)).toEqual(['lineId', 'sku', 'name', 'quantity']);
    expect(whatCrosses(free).lines[0]).toMatchObject({ unitPriceMinor: 0, costMinor: 0 });
  });

  it('names no field that is empty', () => {
    const side = aSide([...sharedFields]);
    const { number, placedAt, currency, via } = side.order;
    const shipTo = { name: 'N', address1: 'A', city: 'C', postalCode: 'P', country: 'US' };
    const bare = { number, placedAt, currency, via, shipTo, tags: [], shippingMethod: null };

    const crossed = whatCrosses({ ...side, order: bare });

    expect(crossed).not.toHaveProperty('billTo');
    expect(crossed).not.toHaveProperty('notes');
    expect(crossed).not.toHaveProperty('tags');
    expect(crossed.shipTo).toEqual(shipTo);
  });

  it('names the product by the supplier’s SKU, or by ours where there is none', () => {
    const side = aSide([]);
    const own = { ...side, lines: [{ ...side.lines[0]!, supplierSku: null }] };

    expect([whatCrosses(side).lines[0]!.sku, whatCrosses(own).lines[0]!.sku]).toEqual([
      '~first.supplierSku',
      '~first.sku',
    ]);
  });

  it.each([
    ['standard', { standard: 'ground' }, 'air', 'ground'],
    ['express', { standard: 'ground' }, 'air', 'air'],
    ['express', { standard: 'ground' }, null, 'express'],
    [null, { standard: 'ground' }, 'air', 'air'],
    [null, { standard: 'ground' }, null, null],
  ])(
    'maps the shipping method %j by %j, else %j, to %j',
    (...[method, shippingMethods, defaultShippingMethod, mapped]) => {
      const side = aSide([]);

      const crossed = whatCrosses({
        ...side,
        order: { ...side.order, shippingMethod: method },
        shippingMethods,
        defaultShippingMethod,
      });

      expect(crossed.shippingMethod).toBe(mapped);
    },
  );

  it('carries the open units, never more', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5), { maxLength: 6 }), (open) => {
        const [line] = aSide([]).lines;
        const lines = open.map((openUnits, index) => ({ ...line!, lineId: `L${index}`, openUnits }));

        const crossed = whatCrosses({ ...aSide([]), lines });

        expect(crossed.lines.map(({ quantity }) => quantity)).toEqual(open.filter((units) => units > 0));
      }),
    );
  });
});
