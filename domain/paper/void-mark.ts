import type { Bitmap } from './bitmap.ts';

/** Width of a letter, of a stroke and of the gap, where the height is 1. */
type Letter = { width: number; has(x: number, y: number): boolean };
const stroke = 0.2;
const gap = 0.12;

/** `x` from the left, `y` from the foot. */
const letters: readonly Letter[] = [
  { width: 0.8, has: (x, y) => Math.abs(Math.abs(x - 0.4) - (0.4 - stroke / 2) * y) <= stroke / 2 },
  { width: 0.9, has: (x, y) => isRing(x - 0.45, y - 0.5, 0.45) },
  { width: stroke, has: () => true },
  { width: 0.8, has: (x, y) => x <= stroke || isRing(x, y - 0.5, 0.8) },
];

/** Within an ellipse of height 1, and not within the smaller one. */
const isRing = (x: number, y: number, radius: number): boolean =>
  (x / radius) ** 2 + (y / 0.5) ** 2 <= 1 && (x / (radius - stroke)) ** 2 + (y / (0.5 - stroke)) ** 2 > 1;

const width = letters.reduce((sum, letter) => sum + letter.width + gap, -gap);

function isInked(x: number, y: number): boolean {
  let from = 0;
  for (const letter of letters) {
    if (x < from) return false;
    if (x <= from + letter.width) return letter.has(x - from, y);
    from += letter.width + gap;
  }
  return false;
}

/** `x` and `y`: the foot of the first letter, from the lower left corner. `cos` and `sin`: of the angle to the page's foot. */
type VoidLine = { size: number; cos: number; sin: number; x: number; y: number };

/**
 * Where VOID stands on every void label: from corner to corner, rising to the right.
 * @param font `word`: the width of the word, `capital`: the height of a capital, where the font's size is 1
 */
export function voidLine(
  page: { width: number; height: number },
  { word, capital }: { word: number; capital: number },
): VoidLine {
  const diagonal = Math.hypot(page.width, page.height);
  const [cos, sin] = [page.width / diagonal, page.height / diagonal];
  const size = (diagonal * 0.7) / word;
  const [along, across] = [(word * size) / 2, (capital * size) / 2];
  const [x, y] = [page.width / 2 - along * cos + across * sin, page.height / 2 - along * sin - across * cos];
  return { size, cos, sin, x, y };
}

/** The font of PDFs, as each viewer has it. */
export const helveticaBold = { word: 2.445, capital: 0.72 };

/** With the word VOID in black: the picture is of no use as a label any more. */
export function withVoidMark(picture: Bitmap): Bitmap {
  const { size: height, cos, sin } = voidLine(picture, { word: width, capital: 1 });
  const dots = Uint8Array.from(picture.dots);
  for (let row = 0; row < picture.height; row += 1) {
    const down = row - picture.height / 2;
    for (let column = 0; column < picture.width; column += 1) {
      const right = column - picture.width / 2;
      // Turned so that the diagonal lies flat, in heights of a letter.
      const y = 0.5 - (down * cos + right * sin) / height;
      if (y < 0 || y > 1) continue;
      if (isInked((right * cos - down * sin) / height + width / 2, y)) dots[row * picture.width + column] = 0;
    }
  }
  return { ...picture, dots };
}
