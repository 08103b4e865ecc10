import { carrierName, trackingUrl } from './carriers.ts';

/**
 * What people write about a shipment beside codes, units and the number. No message has it (law 8): the sender stores a row
 * first, and the message has the row's id.
 */
export type TrackingTexts = {
  carrierName?: string | undefined;
  trackingUrl?: string | undefined;
  service?: string | undefined;
};

type Coded = { carrier: string | null; trackingNumber: string | null };
type Full = { carrierName: string | null; trackingUrl: string | null; service: string | null };

/** A shipment without its texts, as a message or its answer has it. */
export function withoutTexts<T extends object>(shipment: T): Omit<T, keyof TrackingTexts> {
  const { carrierName: _name, trackingUrl: _url, service: _service, ...coded } = shipment as T & TrackingTexts;
  return coded;
}

/** The texts that do not follow from carrier and number. @returns undefined where all do */
export function ownTexts(tracking: Coded & { [T in keyof TrackingTexts]?: string | null | undefined }) {
  const { carrier, carrierName: name, trackingUrl: url, service } = tracking;
  const texts: TrackingTexts = {
    ...(carrier === 'other' && name != null && { carrierName: name }),
    ...(url != null && url !== pageOf(tracking) && { trackingUrl: url }),
    ...(service != null && { service }),
  };
  return Object.keys(texts).length === 0 ? undefined : texts;
}

/** All texts of a shipment. @throws DomainError `carrier_name_missing` for another carrier without a name */
export const allTexts = (coded: Coded, texts: TrackingTexts): Full => ({
  carrierName: coded.carrier === null ? null : (texts.carrierName ?? carrierName(coded.carrier)),
  trackingUrl: texts.trackingUrl ?? pageOf(coded) ?? null,
  service: texts.service ?? null,
});

const pageOf = ({ carrier, trackingNumber }: Coded): string | undefined =>
  carrier === null || trackingNumber === null ? undefined : trackingUrl(carrier, trackingNumber);
