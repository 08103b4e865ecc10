import { DomainError } from './errors.ts';

/** So many requests a second for long, and `burst` at once after a pause. */
export type Rate = { perSecond: number; burst: number };
/** What is left of a rate at a time, in milliseconds. */
export type Bucket = { left: number; at: number };

/** Reads, and all that may change something. */
export const requestKinds = ['reads', 'commands'] as const;
export type RequestKind = (typeof requestKinds)[number];

export const rateOf = (perSecond: number): Rate => ({ perSecond, burst: Math.max(1, 2 * perSecond) });
/** The part of one process, where several serve the same caller. */
export const sharedBy = ({ perSecond, burst }: Rate, holders: number): Rate => ({
  perSecond: perSecond / holders,
  burst: Math.max(1, burst / holders),
});
/** The keys of an account share this many times the rate of one key. */
export const keysPerAccount = 2;

/** A large body costs more than a request: so many bytes count as another one. */
const bytesOfRequest = 64 * 1024;
export const costOf = (bytes: number): number => 1 + Math.floor(Math.max(0, bytes) / bytesOfRequest);

/** The bucket as it is now: full where it was not used yet. */
export function filled(bucket: Bucket | undefined, rate: Rate, now: number): Bucket {
  if (bucket === undefined) return { left: rate.burst, at: now };
  const passed = Math.max(0, now - bucket.at) / 1_000;
  return { left: Math.min(rate.burst, bucket.left + passed * rate.perSecond), at: now };
}

/** Whether a request may be taken. A costly one may overdraw a bucket that is full: else it would never be served. */
export const holds = ({ left }: Bucket, rate: Rate, cost: number): boolean => left >= Math.min(cost, rate.burst);

export const secondsUntil = ({ left }: Bucket, rate: Rate, wanted: number): number =>
  Math.max(0, (Math.min(wanted, rate.burst) - left) / rate.perSecond);

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
