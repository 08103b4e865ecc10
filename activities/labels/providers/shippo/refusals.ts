import type { LabelError } from '../../provider.ts';
import { refused, unknownOutcome, type Refusal } from '../faults.ts';

/** Of a transaction in status ERROR: Shippo says why in words only, those of the carrier. */
export function faultOfMessages(messages: readonly { text?: string | null | undefined }[]): LabelError {
  return faultOfText(messages.map(({ text }) => text ?? '').join(' '));
}

export function faultOfPurchase({ status, text }: Refusal): LabelError {
  // Too many calls at once for the same object: another one may be buying.
  if (status === 409) return unknownOutcome();
  if (/"rate"/.test(text)) return refused('rate_expired');
  return status === 404 ? refused('rate_expired') : faultOfText(text, 'invalid_request');
}

export function faultOfRating({ text }: Refusal): LabelError {
  return refused(/"address_(to|from)"/.test(text) ? 'address_not_deliverable' : 'invalid_request');
}

function faultOfText(text: string, otherwise: 'label_refused' | 'invalid_request' = 'label_refused'): LabelError {
  if (/insufficient|balance|payment|billing|credit card/i.test(text)) return refused('balance_too_low');
  if (/expired|no longer (valid|available)/i.test(text)) return refused('rate_expired');
  if (/address|undeliverable|not deliverable|postal code|zip code/i.test(text))
    return refused('address_not_deliverable');
  return refused(otherwise);
}
