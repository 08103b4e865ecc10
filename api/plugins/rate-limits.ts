import { randomUUID } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  costOf,
  filled,
  holds,
  keysPerAccount,
  RateLimited,
  rateOf,
  secondsUntil,
  sharedBy,
  taken,
  type Bucket,
  type Rate,
  type Rates,
  type RequestKind,
} from '../../domain/rate-limit.ts';
import { leaseRate } from '../../db/engine/rate-leases.ts';
import type { App } from '../deps.ts';
import { networkOf } from '../people/network-of.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Set on a route of probes, which no limit may refuse. */
    isUnlimited?: boolean;
  }
  interface FastifyInstance {
    rateLimits: RateLimits | undefined;
  }
}

/** Some 200 bytes each. The one that was not used for longest goes first; it is full, as a new one would be. */
const mostBuckets = 50_000;
const leaseMs = 5_000;
const renewMs = 2_000;

/** `accountId`: whose processes share it; null for an address, which has the rate at each process. */
type Limit = { name: string; subject: string; rate: Rate; accountId: string | null };
type Found = Limit & { bucket: Bucket };
type Taken = Found & { waitSeconds: number };
type RateLimits = ReturnType<typeof createRateLimits>;

/** @returns how many processes serve many requests of this subject */
type Lease = (subject: { accountId: string; subject: string; seconds: number }) => Promise<number>;
/** `holders`: the processes that shared it when `askedAt`. */
type Entry = Bucket & { holders: number; askedAt: number };

/**
 * Buckets of this process, in memory: a request costs no statement. One that is half empty asks now and then which other
 * processes serve the same caller; no request waits for that.
 * @param clock milliseconds that only grow
 */
export function createRateLimits(clock: () => number, lease: Lease) {
  const entries = new Map<string, Entry>();
  const store = (subject: string, entry: Entry) => {
    entries.delete(subject);
    if (entries.size >= mostBuckets) entries.delete(entries.keys().next().value!);
    entries.set(subject, entry);
  };
  const share = async ({ subject, accountId }: Limit) => {
    if (accountId === null) return;
    const holders = await lease({ accountId, subject, seconds: leaseMs / 1_000 });
    Object.assign(entries.get(subject) ?? {}, { holders });
  };
  return {
    /**
     * Takes from all of the limits, or from none.
     * @returns the limit of which least is left, and the seconds to wait where nothing was taken
     */
    take(limits: readonly Limit[], cost: number): Taken {
      const now = clock();
      const found = limits.map((limit) => {
        const before = entries.get(limit.subject);
        const isLeased = before !== undefined && now - before.askedAt < leaseMs;
        const { holders, askedAt } = isLeased ? before : { holders: 1, askedAt: -Infinity };
        const rate = sharedBy(limit.rate, holders);
        return { ...limit, rate, bucket: { ...filled(before, rate, now), holders, askedAt } };
      });
      const isTaken = found.every(({ bucket, rate }) => holds(bucket, rate, cost));
      for (const one of found) {
        if (isTaken) one.bucket.left -= taken(one.rate, cost);
        const asks = one.bucket.left < one.rate.burst / 2 && now - one.bucket.askedAt >= renewMs;
        if (asks) one.bucket.askedAt = now;
        store(one.subject, one.bucket);
        if (asks) void share(one);
      }
      const waits = found.map(({ bucket, rate }) => secondsUntil(bucket, rate, taken(rate, cost)));
      return { ...scarcest(found), waitSeconds: isTaken ? 0 : Math.max(...waits) };
    },
  };
}

const scarcest = (found: readonly Found[]): Found =>
  found.reduce((least, one) => (shareLeft(one) < shareLeft(least) ? one : least));
const shareLeft = ({ bucket, rate }: Found): number => bucket.left / rate.burst;

/**
 * Limits the requests of a key and of its account, and of an address where there is no key. Reads and commands apart, so that
 * a busy list stops no order. Call it after `setUpAuth`, whose failures it limits as well.
 */
export function setUpRateLimits(app: App): void {
  const { rates, clock, pool } = app.deps;
  const holder = randomUUID();
  const lease: Lease = async (subject) => {
    try {
      return await leaseRate(pool, { ...subject, holder });
    } catch (error) {
      app.log.warn({ cause: (error as Error).name }, 'rate not shared');
      return 1;
    }
  };
  app.decorate('rateLimits', rates && createRateLimits(clock, lease));
  if (!rates) return;
  app.addHook('onRequest', async (request, reply) => {
    const { access, isUnlimited } = request.routeOptions.config;
    if (isUnlimited) return;
    if (access === 'public' || access === undefined) return void takeOfAddress(request);
    const cost = costOf(Number(request.headers['content-length'] ?? 0));
    const found = app.rateLimits!.take(limitsOf(request, rates), cost);
    show(reply, found);
    if (found.waitSeconds > 0) throw new RateLimited(found.waitSeconds);
  });
}

/** A stranger, a wrong key, or an address that is none of ours. @throws RateLimited */
export function takeOfAddress({ server, ip }: FastifyRequest): void {
  const { rates } = server.deps;
  if (!rates) return;
  const subject = `address ${networkOf(ip)}`;
  const limit = { name: 'address', subject, rate: rateOf(rates.address), accountId: null };
  const { waitSeconds } = server.rateLimits!.take([limit], 1);
  if (waitSeconds > 0) throw new RateLimited(waitSeconds);
}

function limitsOf({ method, actor, person }: FastifyRequest, rates: Rates): Limit[] {
  const name: RequestKind = method === 'GET' || method === 'HEAD' ? 'reads' : 'commands';
  const rate = rateOf(rates[name]);
  if (!actor) return [{ name, subject: `${name} ${person.userId}`, rate, accountId: null }];
  const { keyId, accountId } = actor;
  const ofAll = rateOf(keysPerAccount * rates[name]);
  return [
    { name, subject: `${name} ${accountId} ${keyId}`, rate, accountId },
    { name, subject: `${name} ${accountId}`, rate: ofAll, accountId },
  ];
}

/** @see draft-ietf-httpapi-ratelimit-headers-10 */
function show(reply: FastifyReply, { name, rate, bucket }: Found): void {
  const window = Math.ceil(rate.burst / rate.perSecond);
  const reset = Math.ceil(secondsUntil(bucket, rate, rate.burst));
  void reply
    .header('ratelimit-policy', `"${name}";q=${Math.floor(rate.burst)};w=${window}`)
    .header('ratelimit', `"${name}";r=${Math.max(0, Math.floor(bucket.left))};t=${reset}`);
}
