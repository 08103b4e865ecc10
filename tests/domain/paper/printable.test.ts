import { describe, expect, it } from '@jest/globals';
import { directionOf, printableLine, printableText } from '../../../domain/paper/printable.ts';

describe('a line of paper', () => {
  it.each([
    ['Zażółć  Gęślą\tJaźń ', 'Zażółć Gęślą Jaźń'],
    ['\u202Eevil\u0000\u0007', 'evil'],
    ['Mug 😀👨‍👩‍👧 🇩🇪 blue™ ©', 'Mug blue™ ©'],
    ['lone \ud800 half', 'lone half'],
    ['e\u0301\u0301\u0301\u0301\u0301\u0301', 'é\u0301\u0301\u0301'],
    ['ﷺ', 'صلى الله عليه وسلم'],
    ['می\u200cخواهم', 'می\u200cخواهم'],
    ['=#evil("x") $a$ *b* \\', '=#evil("x") $a$ *b* \\'],
  ])('of %j is %j', (text, line) => {
    expect(printableLine(text)).toBe(line);
  });

  it('is cut at 300 letters, which may take two places each', () => {
    expect([...printableLine('字 '.repeat(400))]).toHaveLength(301);
    expect(printableLine('𠮷'.repeat(300)).replaceAll('\u200b', '')).toBe('𠮷'.repeat(300));
  });

  it('may break within a long word, but not between a letter and its accent', () => {
    const line = printableLine('x'.repeat(11) + 'q\u0301'.repeat(20));

    expect(line).toContain('\u200b');
    expect(line).not.toMatch(/\u200b\u0301/);
    expect(printableLine('A'.repeat(23))).not.toContain('\u200b');
  });
});

describe('a text of paper', () => {
  it('has its line breaks, without empty lines at both ends', () => {
    expect(printableText('\n\nThank you!\r\n\r\nSee you \u2028soon\n')).toEqual(['Thank you!', '', 'See you', 'soon']);
    expect(printableText(' \n ')).toEqual([]);
  });

  it('has up to 2,000 letters in a line', () => {
    expect(printableText('m '.repeat(400))[0]).toHaveLength(799);
    expect(printableText('m '.repeat(4_000)).join('').length).toBeLessThanOrEqual(2_001);
  });
});

describe('the direction of a text', () => {
  it.each([
    ['محمد بن سعيد 12B', 'rtl'],
    ['12 רחוב', 'rtl'],
    ['Building محمد', 'ltr'],
    ['12-34', 'ltr'],
    ['', 'ltr'],
  ])('%j is %s, by the first letter', (text, direction) => {
    expect(directionOf(text)).toBe(direction);
  });
});
