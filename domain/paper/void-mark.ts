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

/** The word VOID in black from corner to corner, rising to the right: the picture is of no use as a label any more. */
export function withVoidMark(picture: Bitmap): Bitmap {
  const diagonal = Math.hypot(picture.width, picture.height);
  const height = (diagonal * 0.7) / width;
  const [cos, sin] = [picture.width / diagonal, picture.height / diagonal];
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
