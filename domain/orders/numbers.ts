/** Leading zeros that a spreadsheet takes off. */
const mostZeros = 8;

/** `same`: other spellings of one number. `guesses`: numbers that it was before a spreadsheet took its zeros off. */
type OtherNumbers = { same: string[]; guesses: string[] };

/**
 * The numbers that an order may have when none has exactly this number: with or without a `#` in front, without blanks, in
 * other case; and as guesses only, with other leading zeros.
 */
export function otherNumbers(number: string): OtherNumbers {
  const bare = number.replace(/[\s\u200b\ufeff]/g, '').replace(/^#+/, '');
  if (bare === '') return { same: [], guesses: [] };
  const same = spelled([bare]);
  const core = bare.replace(/^0+(?=\d)/, '');
  const padded = Array.from({ length: mostZeros + 1 }, (_, zeros) => '0'.repeat(zeros) + core);
  const guesses = /^\d/.test(core) ? spelled(padded).filter((guess) => !same.includes(guess)) : [];
  return { same: same.filter((other) => other !== number), guesses: guesses.filter((other) => other !== number) };
}

function spelled(numbers: readonly string[]): string[] {
  const cases = numbers.flatMap((number) => [number, number.toUpperCase(), number.toLowerCase()]);
  return [...new Set(cases.flatMap((number) => [number, `#${number}`]))];
}

/** The beginnings of an order number that a search may mean: with or without a `#` or its blanks, in upper or lower case. */
export function numberBeginnings(searched: string): string[] {
  const bare = searched.replace(/[\s\u200b\ufeff]/g, '').replace(/^#+/, '');
  return bare === '' ? [] : [...new Set([...spelled([bare]), ...spelled([withoutHash(searched)])])];
}

/** What a search for the beginning of a number looks for, in lower case; null where it looks for none. */
export const bareBeginning = (searched: string): string | null => withoutHash(searched).toLowerCase() || null;

const withoutHash = (searched: string): string => searched.trim().replace(/^#+\s*/, '');
