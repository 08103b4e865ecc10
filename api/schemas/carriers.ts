import { z } from 'zod';
import { longestCell } from '../../domain/shipments/tracking-cell.ts';
import { longText } from './common.ts';

export const carrierList = z
  .object({
    data: z.array(
      z.object({
        code: z.string().describe('As shipments have it.'),
        name: z.string(),
        requiresName: z.boolean().describe('Whether a shipment has to name the carrier in `carrierName` too.'),
      }),
    ),
  })
  .meta({ id: 'CarrierList' });

export const numberToRecognize = z
  .strictObject({ trackingNumber: longText(longestCell).describe('As it was typed or scanned.') })
  .meta({ id: 'NumberToRecognize' });

export const recognizedNumber = z
  .object({
    trackingNumber: z.string().describe('As a shipment stores it.'),
    carrier: z
      .string()
      .nullable()
      .describe('The code of the carrier whose numbers look like this one; null where none or several do.'),
    candidates: z.array(z.string()).describe('The codes of all carriers whose numbers look like this one.'),
  })
  .meta({ id: 'RecognizedNumber' });
