import { isDeepStrictEqual } from 'node:util';
import type { Sealer } from '../engine/sealing.ts';
import type { AccountDb } from '../engine/with-account.ts';
import { placeOfCredentials } from './channels.ts';

/** Who renews the credentials of a channel now: which credentials, and until when others wait. */
export type RenewalClaim = { version: number; until: string };
type Claiming =
  | { outcome: 'claimed'; stored: unknown; claim: RenewalClaim }
  | { outcome: 'replaced'; stored: unknown }
  | { outcome: 'busy' };

/** Longer than a call takes. After it the worker counts as crashed, and others may renew. */
const longestSeconds = 60;

type Row = { credentials: Buffer | null; credentials_version: number; busy: boolean };

/**
 * Claims the channel's credentials for one renewal. The claim is in the row and outlasts the transaction, so that no connection
 * is held while the shop is called.
 * @param used the credentials that have run out: where others are stored, they are returned
 * @returns undefined for a channel without credentials, or a deleted one
 */
export async function claimRenewal(
  db: AccountDb,
  { sealer, id, used }: { sealer: Sealer; id: string; used: unknown },
): Promise<Claiming | undefined> {
  const row = await db('channels')
    .where({ id })
    .whereNull('deleted_at')
    .forNoKeyUpdate()
    .first<Row | undefined>(
      'credentials',
      'credentials_version',
      db.raw('coalesce(renewing_until > clock_timestamp(), false) as busy'),
    );
  if (!row?.credentials) return undefined;
  const stored = sealer.open(row.credentials, placeOfCredentials(db, id));
  if (!isDeepStrictEqual(stored, used)) return { outcome: 'replaced', stored };
  if (row.busy) return { outcome: 'busy' };
  const { rows } = await db.raw<{ rows: { until: string }[] }>(
    `update channels set renewing_until = clock_timestamp() + make_interval(secs => :longestSeconds)
     where id = :id returning renewing_until::text as until`,
    { id, longestSeconds },
  );
  return { outcome: 'claimed', stored, claim: { version: row.credentials_version, until: rows[0]!.until } };
}

type Claimed = { id: string; claim: RenewalClaim };

/**
 * Stores renewed credentials: no new version, as no parked step waits for them.
 * @returns false where a person has entered others meanwhile, the channel is deleted, or the claim is over: nothing is stored
 */
export async function storeRenewed(
  db: AccountDb,
  { sealer, id, claim, credentials }: Claimed & { sealer: Sealer; credentials: unknown },
): Promise<boolean> {
  const stored = await db('channels')
    .where({ id, credentials_version: claim.version })
    .whereNull('deleted_at')
    .whereRaw('renewing_until = ?::timestamptz', [claim.until])
    .update({ credentials: sealer.seal(credentials, placeOfCredentials(db, id)), renewing_until: null });
  return stored === 1;
}

/** Ends a renewal that has failed, so that another may try at once. */
export async function endRenewal(db: AccountDb, { id, claim }: Claimed): Promise<void> {
  await db('channels')
    .where({ id })
    .whereRaw('renewing_until = ?::timestamptz', [claim.until])
    .update({ renewing_until: null });
}
