import { describe, expect, it } from '@jest/globals';
import { code128 } from '../../../domain/paper/code128.ts';

/** Bars and spaces as widths, as the norm writes them; without the white at both ends. */
function widthsOf(text: string): string {
  const code = code128(text)!;
  return code.bars
    .map(({ from, width }, at) => {
      const next = code.bars[at + 1];
      return next ? `${width}${next.from - from - width}` : `${width}`;
    })
    .join('');
}

describe('a code 128', () => {
  it('has the widths of the norm, with start, check and stop', () => {
    // Start B, P, J, J, 1, 2, 3, C, check 55, stop.
    const values = [
      '211214',
      '313121',
      '112133',
      '112133',
      '123221',
      '223211',
      '221132',
      '131321',
      '311321',
      '2331112',
    ];

    expect(widthsOf('PJJ123C')).toBe(values.join(''));
  });

  it('has ten modules of white at both ends', () => {
    const { bars, width } = code128('A')!;

    expect(bars[0]!.from).toBe(10);
    expect(width - bars.at(-1)!.from - bars.at(-1)!.width).toBe(10);
  });

  it('puts two digits into a value where many follow each other', () => {
    const modules = (text: string) => (code128(text)!.width - 2 * 10 - 2) / 11;

    expect(modules('00340434161094021501')).toBe(13); // start, ten pairs, check, stop
    expect(modules('1001-1')).toBe(8); // start C, two pairs, change, dash, digit, check, stop
  });

  it.each([[''], ['Łódź'], ['line\nbreak']])('is null for %j, which it cannot hold', (text) => {
    expect(code128(text)).toBeNull();
  });
});
