import css from './code128.module.css';

/** Widths of bars and spaces by turns, for each value (ISO/IEC 15417). */
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
const startB = 104;
const stop = 106;
/** White beside the bars, in units; the norm asks for ten. */
const quiet = 10;
const printable = /^[\x20-\x7e]+$/;

function valuesOf(text: string): number[] {
  const values = [startB, ...Array.from(text, (char) => char.charCodeAt(0) - 32)];
  const check = values.reduce((sum, value, at) => sum + value * Math.max(1, at), 0) % 103;
  return [...values, check, stop];
}

interface Bar {
  readonly from: number;
  readonly width: number;
}

function barsOf(text: string): { readonly bars: readonly Bar[]; readonly end: number } {
  const bars: Bar[] = [];
  let at = quiet;
  for (const value of valuesOf(text))
    for (const [index, digit] of Array.from(widths[value] ?? '').entries()) {
      const width = Number(digit);
      if (index % 2 === 0) bars.push({ from: at, width });
      at += width;
    }
  return { bars, end: at + quiet };
}

interface Code128Props {
  readonly text: string;
  /** In pixels; a bar's unit is 1.5 wide. */
  readonly height?: number;
}

/** A barcode of printable ASCII, for paper. Nothing where a sign cannot be printed in it. */
export function Code128({ text, height = 44 }: Code128Props) {
  if (!printable.test(text)) return null;
  const { bars, end } = barsOf(text);
  return (
    <svg
      role="img"
      aria-label={text}
      className={css['code']}
      viewBox={`0 0 ${end} ${height}`}
      width={end * 1.5}
      height={height}
      shapeRendering="crispEdges"
    >
      {bars.map(({ from, width }) => (
        <rect key={from} x={from} width={width} height={height} />
      ))}
    </svg>
  );
}
