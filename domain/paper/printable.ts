/** Letters that a text is cut at, so that one field never fills a job. */
const longestLine = 300;
const longestText = 2_000;
const controls =
  /(?!\s)[\p{Cc}\p{Cn}\p{Co}\p{Cs}\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu;
/** Our fonts have none; without this each would be an empty box. */
const emoji =
  /(?![©®™])[\p{Extended_Pictographic}\p{RI}\u20e3][\ufe0e\ufe0f\u200d\u{1f3fb}-\u{1f3ff}\u{e0020}-\u{e007f}]*/gu;
/** Whole Arabic words in one sign, and letters in a fixed form: as plain letters they can break, and fonts have them. */
const ligatures = /[\ufb50-\ufdff\ufe70-\ufefc]/gu;
/** Accents piled on a letter reach into other lines. Scripts need up to three. */
const pile = /(\p{M}{3})\p{M}+/gu;
const longWord = /[^\s\u200b\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]{24,}/gu;
const rtl = /\p{Script=Arabic}|\p{Script=Hebrew}|\p{Script=Syriac}|\p{Script=Thaana}|\p{Script=Nko}/u;
const letter = /\p{L}/gu;

export type Direction = 'ltr' | 'rtl';

/**
 * A text of a stranger as one line of paper: without control characters, direction marks and emoji, cut where it is
 * longer than 300 letters. Words too long for a line may break.
 */
export const printableLine = (text: string): string => breakable(cut(cleaned(text), longestLine));

/** As `printableLine`, but with its line breaks and up to 2,000 letters. Empty lines at both ends are left out. */
export function printableText(text: string): string[] {
  const lines = cut(text, longestText)
    .split(/\r\n?|[\n\u2028\u2029]/u)
    .map((line) => breakable(cleaned(line)));
  const isFilled = (line: string) => line !== '';
  const first = lines.findIndex(isFilled);
  return first < 0 ? [] : lines.slice(first, lines.findLastIndex(isFilled) + 1);
}

/** By the first letter, as the Unicode algorithm has it: else "12B" after Arabic words is set at the wrong end. */
export function directionOf(text: string): Direction {
  const [first] = text.match(letter) ?? [];
  return first !== undefined && rtl.test(first) ? 'rtl' : 'ltr';
}

const cleaned = (text: string): string =>
  text
    .normalize('NFC')
    .replace(ligatures, (sign) => sign.normalize('NFKC'))
    .replace(controls, '')
    .replace(emoji, '')
    .replace(pile, '$1')
    .replace(/\s+/gu, ' ')
    .trim();

function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  const letters = [...text];
  return letters.length <= length ? text : `${letters.slice(0, length).join('')}…`;
}

/** An invisible place to break after each twelfth letter, never between a letter and its accents. */
const breakable = (line: string): string =>
  line.replace(longWord, (word) => word.replace(/(?:[^\p{M}]\p{M}*){12}(?=.)/gu, '$&\u200b'));
