import { DomainError } from './errors.ts';

/** So many requests a second for long, and `burst` at once after a pause. */
export type Rate = { perSecond: number; burst: number };
/** What is left of a rate at a time, in milliseconds. */
export type Bucket = { left: number; at: number };

/** Reads, and all that may change something. */
export type RequestKind = 'reads' | 'commands';
/** Requests a second: of a key, and of an address without one. */
export type Rates = Record<RequestKind | 'address', number>;
/** `loopMs`: what else runs before a request that has just come. `waiting`: requests that wait for a connection of Postgres. */
export type Saturation = { loopMs: number; waiting: number };

export const rateOf = (perSecond: number): Rate => ({ perSecond, burst: Math.max(1, 2 * perSecond) });
/** The part of one process, where several serve the same caller. */
export const sharedBy = ({ perSecond, burst }: Rate, holders: number): Rate => ({
  perSecond: perSecond / holders,
  burst: Math.max(1, burst / holders),
});
/** The keys of an account share this many times the rate of one key. */
export const keysPerAccount = 2;

/** A large body costs more than a request: so many bytes count as another one. */
const bytesOfRequest = 16 * 1024;
export const costOf = (bytes: number): number => 1 + Math.floor(Math.max(0, bytes) / bytesOfRequest);

/** The bucket as it is now: full where it was not used yet. */
export function filled(bucket: Bucket | undefined, rate: Rate, now: number): Bucket {
  if (bucket === undefined) return { left: rate.burst, at: now };
  const passed = Math.max(0, now - bucket.at) / 1_000;
  return { left: Math.min(rate.burst, bucket.left + passed * rate.perSecond), at: now };
}

/** Of a file of 20 MiB too, half of the bucket is left. */
export const taken = (rate: Rate, cost: number): number => Math.min(cost, Math.max(1, rate.burst / 2));

export const holds = ({ left }: Bucket, rate: Rate, cost: number): boolean => left >= taken(rate, cost);

export const secondsUntil = ({ left }: Bucket, rate: Rate, wanted: number): number =>
  Math.max(0, (wanted - left) / rate.perSecond);

export const overloaded = (): DomainError =>
  new DomainError('overloaded', 'The service has more requests than it can answer; repeat the request.');

/** `seconds`: after which the request would be taken. */
export class RateLimited extends DomainError {
  readonly seconds: number;

  constructor(seconds: number) {
    super('rate_limited', 'Too many requests. Wait for the seconds in Retry-After, and send fewer at once.');
    this.seconds = Math.max(1, Math.ceil(seconds));
  }
}
