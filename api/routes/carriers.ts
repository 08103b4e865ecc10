import { carriers, likelyCarriers } from '../../domain/shipments/carriers.ts';
import { readTrackingNumber } from '../../domain/shipments/tracking-cell.ts';
import type { App } from '../deps.ts';
import { forAccount } from '../plugins/auth.ts';
import { carrierList, numberToRecognize, recognizedNumber } from '../schemas/carriers.ts';
import { answers } from '../schemas/common.ts';

const tags = ['shipments'];
const config = { access: forAccount('read') };

const known = carriers
  .map(({ code, name }) => ({ code, name, requiresName: false }))
  .sort((one, next) => one.name.localeCompare(next.name, 'en'));
const other = { code: 'other', name: 'Other', requiresName: true };

export function carrierRoutes(app: App): void {
  app.get(
    '/carriers',
    {
      config,
      schema: {
        tags,
        operationId: 'listCarriers',
        summary: 'Lists the carriers that we know, and `other`',
        response: answers({ 200: carrierList }, 'The carriers, by name; `other` stands last.'),
      },
    },
    async () => ({ data: [...known, other] }),
  );
  app.post(
    '/carriers/recognize',
    {
      config,
      schema: {
        tags,
        operationId: 'recognizeCarrier',
        summary: 'Says whose a tracking number may be',
        description: 'It stores nothing. Carriers share shapes of numbers: let a person see the answer.',
        body: numberToRecognize,
        response: answers({ 200: recognizedNumber }, 'The number as it is stored, and the carriers that it fits.'),
        errors: ['tracking_not_acceptable'],
      },
    },
    async (request) => {
      const trackingNumber = readTrackingNumber(request.body.trackingNumber);
      const candidates = likelyCarriers(trackingNumber);
      return { trackingNumber, carrier: candidates.length === 1 ? candidates[0]! : null, candidates };
    },
  );
}
