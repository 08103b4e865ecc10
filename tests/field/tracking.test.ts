import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { DomainError } from '../../domain/errors.ts';
import { otherNumbers } from '../../domain/orders/numbers.ts';
import { carrierMeant } from '../../domain/shipments/carriers.ts';
import { readTrackingNumber } from '../../domain/shipments/tracking-cell.ts';

describe('a carrier as people write it', () => {
  it.each([
    // From the field, with a service or a country behind the name.
    ['UPS Ground', 'ups', 'Ground'],
    ['Royal Mail Tracked 48', 'royal_mail', 'Tracked 48'],
    ['DPD DE', 'dpd', undefined],
    ['USPS Priority', 'usps', 'Priority'],
    ['FedEx Home Delivery', 'fedex', 'Home Delivery'],
    ['DHL Paket', 'deutsche_post', undefined],
    ['GLS IT', 'gls_italy', undefined],
    ['Canada Post Expedited', 'canada_post', 'Expedited'],
    ['JNE', 'jne', undefined],
    ['Yodel', 'yodel', undefined],
    ['An Post', 'an_post', undefined],
    ['PostNL', 'postnl', undefined],
    ['Evri', 'evri', undefined],
    ['Correos', 'correos', undefined],
    ['Australia Post', 'australia_post', undefined],
    ['Aramex', 'aramex', undefined],
    ['SF Express', 'sf_express', undefined],
    ['Poste Italiane', 'poste_italiane', undefined],
    // Everyday names.
    ['Hermes', 'hermes', undefined],
    ['myHermes', 'evri', undefined],
    ['La Poste', 'la_poste', undefined],
    ['Colissimo', 'colissimo', undefined],
    ['La Poste Colissimo', 'colissimo', undefined],
    ['Chronopost', 'chronopost', undefined],
    ['Chronopost Chrono 13', 'chronopost', 'Chrono 13'],
    ['Mondial Relay', 'mondial_relay', undefined],
    ['mondial-relay', 'mondial_relay', undefined],
    ['DHL eCommerce', 'dhl_ecommerce', undefined],
    ['DHL Express Worldwide', 'dhl_express', undefined],
    ['DHL Express 12:00', 'dhl_express', '12:00'],
    ['Purolator Ground', 'purolator', 'Ground'],
    ['Japan Post', 'japan_post', undefined],
    ['日本郵便', 'japan_post', undefined],
    ['Yamato', 'yamato', undefined],
    ['ヤマト運輸', 'yamato', undefined],
    ['Sagawa', 'sagawa', undefined],
    ['佐川急便', 'sagawa', undefined],
    ['Singapore Post', 'singapore_post', undefined],
    ['SingPost', 'singapore_post', undefined],
    ['Ninja Van', 'ninja_van', undefined],
    ['NinjaVan', 'ninja_van', undefined],
    ['J&T', 'jt_express', undefined],
    ['J&T Express', 'jt_express', undefined],
    ['Delhivery', 'delhivery', undefined],
    ['Blue Dart', 'blue_dart', undefined],
    ['BlueDart', 'blue_dart', undefined],
    ['DTDC', 'dtdc', undefined],
    ['India Post', 'india_post', undefined],
    ['Speed Post', 'india_post', undefined],
    ['Parcelforce 24', 'parcelforce', '24'],
    ['parcelforce worldwide', 'parcelforce', undefined],
    ['DPD UK', 'dpd_uk', undefined],
    ['DPD Next Day', 'dpd', 'Next Day'],
    ['Swiss Post', 'swiss_post', undefined],
    ['Die Post', 'swiss_post', undefined],
    ['Österreichische Post', 'austrian_post', undefined],
    ['OESTERREICHISCHE POST AG', 'austrian_post', undefined],
    ['PostNord', 'postnord', undefined],
    ['PostNord MyPack Home', 'postnord', 'MyPack Home'],
    ['Bring', 'bring', undefined],
    ['Posti', 'posti', undefined],
    ['InPost', 'inpost', undefined],
    ['InPost Paczkomaty', 'inpost', undefined],
    ['Packeta', 'packeta', undefined],
    ['Zásilkovna', 'packeta', undefined],
    ['zasilkovna', 'packeta', undefined],
    ['Česká pošta', 'ceska_posta', undefined],
    ['Cainiao', 'cainiao', undefined],
    ['Yanwen', 'yanwen', undefined],
    ['YunExpress', 'yunexpress', undefined],
    ['4PX', '4px', undefined],
    ['China Post', 'china_post', undefined],
    ['China Post/EMS', 'china_ems', undefined],
    ['EMS', 'ems', undefined],
    ['Lasership', 'lasership', undefined],
    ['Spee-Dee', 'spee_dee', undefined],
    ['LSO', 'lso', undefined],
    ['OnTrac Ground', 'ontrac', 'Ground'],
    ['Estafeta', 'estafeta', undefined],
    ['Correios', 'correios', undefined],
    ['Correios PAC', 'correios', 'PAC'],
    ['Toll', 'toll', undefined],
    ['StarTrack', 'startrack', undefined],
    ['Sendle', 'sendle', undefined],
    ['NZ Post', 'nz_post', undefined],
    ['New Zealand Post', 'nz_post', undefined],
    ['CourierPost', 'courier_post', undefined],
    ['The Courier Guy', 'the_courier_guy', undefined],
    ['Fastway', 'aramex_au', undefined],
    ['UPS® Ground', 'ups', 'Ground'],
    ['U.P.S.', 'ups', undefined],
    ['ups next day air', 'ups', 'next day air'],
    ['UPS UK', 'ups', undefined],
    ['Fedex 2Day', 'fedex', '2Day'],
    ['USPS First-Class Mail', 'usps', 'First-Class Mail'],
    ['Amazon', 'amazon_logistics', undefined],
    ['AMZL US', 'amazon_logistics', undefined],
    ['GLS Germany GmbH', 'gls', undefined],
    ['BRT Bartolini', 'brt', undefined],
    ['Poczta Polska', 'poczta_polska', undefined],
    ['TNT', 'tnt', undefined],
    ['bpost', 'bpost', undefined],
    ['Nova Poshta', 'nova_poshta', undefined],
  ])('%j is %j, service %j', (spelling, carrier, service) => {
    expect(carrierMeant({ carrier: spelling })).toMatchObject({ carrier, ...(service !== undefined && { service }) });
    expect(carrierMeant({ carrier: spelling }).service).toBe(service);
  });

  it.each([
    'Bike courier',
    'Own van',
    'Bring Me Parcels',
    'Correos de Costa Rica',
    'Upstairs Delivery',
    '小蜜蜂快递',
    'UPS / FedEx',
    'GLS/DPD',
    'UPS or DHL',
  ])('%j, which is not in the table, is recorded under its name', (spelling) => {
    expect(carrierMeant({ carrier: spelling })).toEqual({ carrier: 'other', carrierName: spelling });
  });

  it('gives a carrier and a name for every text, or says that the name is missing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 100 }), (text) => {
        try {
          const meant = carrierMeant({ carrier: text });
          expect(meant.carrierName).not.toBe('');
        } catch (error) {
          expect(error).toMatchObject({ code: 'carrier_name_missing' });
        }
      }),
    );
  });
});

describe('a tracking number in a cell', () => {
  it.each([
    ['1Z999AA10123456784', '1Z999AA10123456784'],
    ["'774899172137", '774899172137'],
    ["'774899172137'", '774899172137'],
    ['="774899172137"', '774899172137'],
    ['=774899172137', '774899172137'],
    ['"774899172137"', '774899172137'],
    ['“774899172137”', '774899172137'],
    [' 774899172137\u00a0', '774899172137'],
    ['\ufeff774899172137', '774899172137'],
    ['7748\u200b99172137', '774899172137'],
    ['774899172137\r\n', '774899172137'],
    ['774899172137.0', '774899172137'],
    ['00340434161094042557', '00340434161094042557'],
    ['9400 1000\u00a00000 0000 0000 00', '9400 1000 0000 0000 0000 00'],
    ['RA123456785GB', 'RA123456785GB'],
    ['12345E67890', '12345E67890'],
    ['1234/567890', '1234/567890'],
    ['AB/123456789', 'AB/123456789'],
    ['TEST-1', 'TEST-1'],
    ['4711', '4711'],
  ])('%j is read as %j', (cell, number) => {
    expect(readTrackingNumber(cell)).toBe(number);
  });

  const shortened = /"7[.,].*" is a number that a spreadsheet has shortened: format the column as text/;
  const placeholder = /is a placeholder, not a tracking number/;
  const several = /contains several numbers: send one row or item per parcel/;
  it.each([
    ['7.74E+11', shortened],
    ['7,74E+11', shortened],
    ['7.74e+11', shortened],
    ['7.74899E11', shortened],
    ['="7.74E+11"', shortened],
    ['940551089956123000000.0', /has rounded/],
    ['N/A', placeholder],
    ['n/a', placeholder],
    ['na', placeholder],
    ['-', placeholder],
    ['--', placeholder],
    ['—', placeholder],
    ['.', placeholder],
    ['?', placeholder],
    ['0', placeholder],
    ['000', placeholder],
    ["'0", placeholder],
    ['none', placeholder],
    ['NULL', placeholder],
    ['TBD', placeholder],
    ['pending', placeholder],
    ['xxx', placeholder],
    ['#N/A', placeholder],
    ['#REF!', placeholder],
    ['########', placeholder],
    ['No tracking', placeholder],
    ['https://www.ups.com/track?tracknum=1Z999AA10123456784', /is a link: put it in trackingUrl/],
    ['www.ups.com/track', /is a link/],
    ['ups.com/track?tracknum=1Z999AA10123456784', /is a link/],
    ['1Z999AA10123456784,1Z999AA10123456785', several],
    ['774899172137; 774899172138', several],
    ['774899172137/774899172138', several],
    ['774899172137\n774899172138', several],
    ['774899172137 and 774899172138', several],
    ['774899172137 & 774899172138', several],
    ['774899172137 + 774899172138', several],
    ['774899172137 und 774899172138', several],
    ['1Z999AA10123456784 1Z999AA10123456785', several],
    ['1'.repeat(101), /is longer than 100 characters/],
    ['7748\u000099172137', /contains control characters/],
  ])('%j is refused', (cell, text) => {
    const refuse = () => readTrackingNumber(cell);

    expect(refuse).toThrow(expect.objectContaining({ code: 'tracking_not_acceptable' }));
    expect(refuse).toThrow(text);
  });

  it.each(['1', ' ', "'", ',', '1,', '=', '.0'])('of 10 MB of %j is refused in no time', (part) => {
    const cell = part.repeat(10_000_000 / part.length);
    const begun = performance.now();

    expect(() => readTrackingNumber(cell)).toThrow(/^The tracking number ".{60}" is longer than 100 characters\.$/);
    expect(performance.now() - begun).toBeLessThan(1_000);
  });

  const cells = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 600 }),
    fc
      .array(
        fc.constantFrom(
          '774899172137',
          '1Z',
          ' ',
          "'",
          '"',
          '=',
          ',',
          '/',
          '\n',
          '.0',
          'E+11',
          '\u00a0',
          '\u200b',
          '0',
        ),
      )
      .map((parts) => parts.join('')),
  );

  it('is printable, the same when it is read again, and refused with one code only', () => {
    fc.assert(
      fc.property(cells, (cell) => {
        let number: string;
        try {
          number = readTrackingNumber(cell);
        } catch (error) {
          if (!(error instanceof DomainError)) throw error;
          expect(error.code).toBe('tracking_not_acceptable');
          return;
        }
        expect(number).toMatch(/^(?=.*[\p{L}\p{N}])[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]{1,100}$/u);
        expect(readTrackingNumber(number)).toBe(number);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('the number of an order', () => {
  it.each([
    ['1001', '#1001', 'same'],
    ['#1001', '1001', 'same'],
    [' 1001', '1001', 'same'],
    ['10 01', '1001', 'same'],
    ['ab-7', 'AB-7', 'same'],
    ['1001', '0001001', 'guesses'],
    ['1001', '#001001', 'guesses'],
    ['001001', '1001', 'guesses'],
    ['1001-1', '01001-1', 'guesses'],
  ] as const)('%j may be %j: %s', (number, other, kind) => {
    expect(otherNumbers(number)[kind]).toContain(other);
  });

  it('is never one of its own other spellings, and none of them is both', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 20 }), (number) => {
        const { same, guesses } = otherNumbers(number);
        expect([...same, ...guesses]).not.toContain(number);
        expect(new Set([...same, ...guesses]).size).toBe(same.length + guesses.length);
      }),
    );
  });
});
