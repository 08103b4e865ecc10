import type { Zlib } from './bitmap.ts';
import { ascii, joined } from './bytes.ts';
import { channelsOf, decodePng, type Png } from './png.ts';
import { helveticaBold, voidLine } from './void-mark.ts';

/** In points of 1/72 inch. */
type Size = { width: number; height: number };

/**
 * The page of a label: 4 × 6 inches where it has that shape, whatever its file says; else by its dots per inch, 300 where the
 * file says nothing.
 */
export function pageOf({ width, height, dpi }: Pick<Png, 'width' | 'height' | 'dpi'>): Size {
  const ratio = width / height;
  if (Math.abs(ratio - 4 / 6) < 0.03) return { width: 288, height: 432 };
  if (Math.abs(ratio - 6 / 4) < 0.07) return { width: 432, height: 288 };
  const perInch = dpi !== null && dpi >= 150 && dpi <= 1_200 ? dpi : 300;
  return { width: (width * 72) / perInch, height: (height * 72) / perInch };
}

/**
 * A PDF of one page with the picture on all of it; with VOID across it where the label is void. The same input gives the same
 * bytes. Pixels that PDF understands are copied without being decompressed.
 * @throws PictureError
 */
export function pngToPdf(png: Png, { isVoid, zlib }: { isVoid: boolean; zlib: Zlib }): Uint8Array {
  const page = pageOf(png);
  const [width, height] = [numberOf(page.width), numberOf(page.height)];
  const content = `q ${width} 0 0 ${height} 0 0 cm /I Do Q${isVoid ? `\n${voidMark(page)}` : ''}`;
  return fileOf([
    [`<< /Type /Catalog /Pages 2 0 R >>`],
    [`<< /Type /Pages /Kids [3 0 R] /Count 1 >>`],
    [
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${width} ${height}] /Contents 4 0 R ` +
        `/Resources << /XObject << /I 5 0 R >> /Font << /F 6 0 R >> >> >>`,
    ],
    stream('', ascii(content)),
    image(png, zlib),
    [`<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>`],
  ]);
}

function voidMark(page: Size): string {
  const { size, cos, sin, x, y } = voidLine(page, helveticaBold);
  const turned = [cos, sin, -sin, cos, x, y].map(numberOf).join(' ');
  return `BT /F ${numberOf(size)} Tf ${turned} Tm (VOID) Tj ET`;
}

type Part = string | Uint8Array;

function image(png: Png, zlib: Zlib): Part[] {
  const { width, height, depth, colorType, palette } = png;
  const size = `/Type /XObject /Subtype /Image /Width ${width} /Height ${height}`;
  // PDF has no alpha in the same stream, and no interlacing.
  if (colorType > 3 || png.isInterlaced || png.hasTransparency) {
    const gray = zlib.deflate(decodePng(png, zlib).dots);
    return stream(`${size} /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode`, gray);
  }
  const colors = colorType === 3 ? indexed(palette!) : colorType === 2 ? '/DeviceRGB' : '/DeviceGray';
  const rows = `/Predictor 15 /Colors ${channelsOf(png)} /BitsPerComponent ${depth} /Columns ${width}`;
  const known = `${size} /ColorSpace ${colors} /BitsPerComponent ${depth} /Filter /FlateDecode`;
  return stream(`${known} /DecodeParms << ${rows} >>`, png.compressed);
}

function indexed(palette: Uint8Array): string {
  const hex = [...palette].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `[/Indexed /DeviceRGB ${palette.length / 3 - 1} <${hex}>]`;
}

const stream = (entries: string, bytes: Uint8Array): Part[] => [
  `<< ${entries} /Length ${bytes.length} >>\nstream\n`,
  bytes,
  '\nendstream',
];

/** The objects, numbered from 1, with the table of where each begins. */
function fileOf(objects: readonly Part[][]): Uint8Array {
  const parts: Uint8Array[] = [];
  let length = 0;
  const add = (part: Part): void => {
    const bytes = typeof part === 'string' ? ascii(part) : part;
    parts.push(bytes);
    length += bytes.length;
  };
  const starts: number[] = [];
  // The second line shows transfer programs that the file is binary.
  add('%PDF-1.5\n%');
  add(Uint8Array.of(0xe2, 0xe3, 0xcf, 0xd3, 0x0a));
  for (const [index, object] of objects.entries()) {
    starts.push(length);
    add(`${index + 1} 0 obj\n`);
    object.forEach(add);
    add('\nendobj\n');
  }
  const table = length;
  const rows = starts.map((start) => `${String(start).padStart(10, '0')} 00000 n \n`).join('');
  add(`xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}`);
  add(`trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${table}\n%%EOF\n`);
  return joined(parts);
}

const numberOf = (value: number): string => String(Math.round(value * 1000) / 1000);
