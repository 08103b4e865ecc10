/** How units reach the buyer. `tracked`: by a carrier, with a number. `untracked`: a letter, an own van. */
export const shipmentMethods = ['tracked', 'untracked', 'digital', 'pickup'] as const;
export type ShipmentMethod = (typeof shipmentMethods)[number];

type Field = 'carrier' | 'carrierName' | 'trackingNumber' | 'trackingUrl';
/** The fields as sent; one that is left out is undefined or null. */
type Sent = { [F in Field]?: string | null | undefined };
type Fault = { pointer: string; detail: string };

const needed: Readonly<Record<ShipmentMethod, readonly Field[]>> = {
  tracked: ['carrier', 'trackingNumber'],
  untracked: [],
  digital: [],
  pickup: [],
};

const refused: Readonly<Record<ShipmentMethod, readonly Field[]>> = {
  tracked: [],
  untracked: ['trackingNumber'],
  digital: ['carrier', 'carrierName', 'trackingNumber', 'trackingUrl'],
  pickup: ['carrier', 'carrierName', 'trackingNumber', 'trackingUrl'],
};

const isGiven = (value: string | null | undefined): boolean => value !== undefined && value !== null;

/** What a shipment of this method lacks, and what does not go with it. */
export function methodFaults(method: ShipmentMethod, sent: Sent): Fault[] {
  const lacking = needed[method].filter((field) => !isGiven(sent[field]));
  const isNameAlone = method === 'untracked' && isGiven(sent.carrierName) && !isGiven(sent.carrier);
  const other = ' (a shipment without a number has the method untracked, digital or pickup)';
  return [
    ...lacking.map((field) => ({
      pointer: `/${field}`,
      detail: `is missing${field === 'trackingNumber' ? other : ''}`,
    })),
    ...(isNameAlone ? [{ pointer: '/carrier', detail: 'is missing, and carrierName is given' }] : []),
    // The name follows from the carrier, so that the carrier alone is the fault.
    ...refused[method]
      .filter((field) => isGiven(sent[field]) && (field !== 'carrierName' || !isGiven(sent.carrier)))
      .map((field) => ({ pointer: `/${field}`, detail: `does not go with the method ${method}` })),
  ];
}

/** The fields without those that do not go with the method. */
export function fieldsOfMethod<T extends Record<Field, string | null>>(method: ShipmentMethod, fields: T): T {
  return { ...fields, ...Object.fromEntries(refused[method].map((field) => [field, null])) };
}
