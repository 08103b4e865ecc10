/** Five by seven dots each: the sign, then its rows from the top, five bits as one digit to the base of 32. */
const dots = new Map(
  (
    'Aehhvhhh Buhhuhhu Cehggghe Duhhhhhu Evgguggv Fvgguggg Gehgnhhf Hhhhvhhh Ie44444e J72222ic Khikokih Lggggggv Mhrllhhh ' +
    'Nhhpljhh Oehhhhhe Puhhuggg Qehhhlid Ruhhukih Sfgge11u Tv444444 Uhhhhhhe Vhhhhha4 Whhhllla Xhha4ahh Yhhha444 Zv1248gv ' +
    '0ehjlphe 14c4444e 2eh1248v 3v2421he 426aiv22 5vgu11he 668guhhe 7v124888 8ehhehhe 9ehhf12c'
  )
    .split(' ')
    .map(([sign, ...rows]) => [sign!, rows.map((row) => parseInt(row, 32))]),
);
export const lineHeight = 7;
const advance = 6;

/** Of a line in dots, without the gap behind its last letter. */
export const widthOf = (text: string): number => text.length * advance - 1;

/** Whether a line has a dot there. Signs other than A to Z and digits are blank. */
export function hasDot(text: string, column: number, row: number): boolean {
  const [at, bit] = [Math.floor(column / advance), column % advance];
  if (column < 0 || row < 0 || row >= lineHeight || bit >= 5) return false;
  const rows = dots.get(text[at] ?? '');
  return rows !== undefined && ((rows[row]! >> (4 - bit)) & 1) === 1;
}
