import { z } from 'zod';
import { printerDpi } from '../../domain/paper/label-format.ts';
import { documentFormats } from '../../domain/paper/paper.ts';

const dpiRule = `must be ${printerDpi.join(' or ')}`;

export const documentQuery = z.strictObject({
  format: z
    .enum(documentFormats)
    .optional()
    .describe(
      'Of a label: `pdf`, `png`, or `zpl` for label printers. Left out: `pdf` of a label, else the document as it is stored.',
    ),
  dpi: z
    .enum(['203', '300'], dpiRule)
    .default('203')
    .meta({ type: 'integer', enum: [...printerDpi], default: 203 })
    .describe('Dots per inch of the printer, for `zpl`.')
    .transform((text) => printerDpi.find((dpi) => String(dpi) === text)!),
});

/** A file in an answer. */
export const binary = z.string().meta({ format: 'binary' });
