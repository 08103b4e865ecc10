import { describe, expect, it } from '@jest/globals';
import { minorDigits, toMinor } from '../../domain/money.ts';

describe('a decimal amount', () => {
  it.each([
    ['1450', 'JPY', 1450],
    ['1450.00', 'JPY', 1450],
    ['14.5', 'USD', 1450],
    ['14.50', 'USD', 1450],
    ['14.5000', 'USD', 1450],
    ['14', 'USD', 1400],
    ['0.07', 'EUR', 7],
    ['14.5', 'KWD', 14500],
    ['14.505', 'KWD', 14505],
    ['0.00', 'USD', 0],
    ['-14.50', 'USD', -1450],
    ['-0.00', 'USD', 0],
  ])('%s %s is %d minor units', (decimal, currency, minor) => {
    expect(toMinor(decimal, currency)).toBe(minor);
  });

  it('loses nothing where a float would', () => {
    expect([toMinor('1.005', 'KWD'), toMinor('4.35', 'USD'), toMinor('90071992547409.91', 'USD')]).toEqual([
      1005, 435, 9007199254740991,
    ]);
  });

  it.each([
    ['14.505', 'USD'],
    ['14.50', 'JPY'],
    ['14.5055', 'KWD'],
    ['90071992547409.92', 'USD'],
    ['1e3', 'USD'],
    ['1,450.00', 'USD'],
    ['.5', 'USD'],
    ['', 'USD'],
    [' 1', 'USD'],
  ])('%s %s is refused', (decimal, currency) => {
    expect(() => toMinor(decimal, currency)).toThrow(expect.objectContaining({ code: 'invalid_request' }));
  });

  it('has the decimals of ISO 4217', () => {
    expect(['JPY', 'USD', 'KWD'].map(minorDigits)).toEqual([0, 2, 3]);
  });
});
