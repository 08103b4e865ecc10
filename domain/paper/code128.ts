/** Widths of bars and spaces by turns, for each value, in modules (ISO/IEC 15417). */
const widths = [
  '212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231',
  '113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211',
  '212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131',
  '113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111',
  '314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211',
  '241211 221114 413111 241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141',
  '214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 211214',
  '211232 2331112',
].flatMap((line) => line.split(' '));
const codeC = 99;
const codeB = 100;
const startB = 104;
const startC = 105;
const stop = 106;
/** White at each end, in modules; the norm asks for ten. */
const quiet = 10;
const printable = /^[\x20-\x7e]+$/;

/** `bars` from left to right; all in modules, `width` with the white at both ends. */
type Barcode = { bars: { from: number; width: number }[]; width: number };

/**
 * A code 128 of a number.
 * @returns null where the text is empty, or has a sign that is not printable ASCII
 */
export function code128(text: string): Barcode | null {
  if (!printable.test(text)) return null;
  const bars: Barcode['bars'] = [];
  let at = quiet;
  for (const value of withCheck(valuesOf(text)))
    for (const [index, digit] of [...widths[value]!].entries()) {
      if (index % 2 === 0) bars.push({ from: at, width: Number(digit) });
      at += Number(digit);
    }
  return { bars, width: at + quiet };
}

/** Long runs of digits go two to a value, which makes the code of a tracking number narrower by a third. */
function valuesOf(text: string): number[] {
  const values: number[] = [];
  let set: number | undefined;
  const change = (wanted: typeof codeB | typeof codeC) => {
    if (set === undefined) values.push(wanted === codeC ? startC : startB);
    else if (set !== wanted) values.push(wanted);
    set = wanted;
  };
  for (const [run] of text.matchAll(/\d{4,}|\d{1,3}(?!\d)|\D+/g)) {
    const pairs = run.length >= 4 && /^\d/.test(run) ? run.length - (run.length % 2) : 0;
    if (pairs > 0) change(codeC);
    for (let at = 0; at < pairs; at += 2) values.push(Number(run.slice(at, at + 2)));
    if (pairs < run.length) change(codeB);
    for (const sign of run.slice(pairs)) values.push(sign.charCodeAt(0) - 32);
  }
  return values;
}

function withCheck(values: readonly number[]): number[] {
  const check = values.reduce((sum, value, at) => sum + value * Math.max(1, at), 0) % 103;
  return [...values, check, stop];
}
