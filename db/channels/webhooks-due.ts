import type { ShopKind } from '../../domain/channel.ts';
import type { AccountDb, SystemDb } from '../engine/with-account.ts';

/** A failed call is made again after so long. */
const againMinutes = 10;

/**
 * Channels whose webhooks are to be made or looked at, and deleted ones whose credentials are not forgotten yet.
 * @param filter.kinds at whose shops we make webhooks
 */
export async function listChannelsToConnect(
  db: SystemDb,
  filter: { kinds: readonly ShopKind[]; limit: number },
): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `select id from channels
     where webhooks_due_at <= now()
       and (deleted_at is null and kind = any(:kinds) or deleted_at is not null and credentials_key_id is not null)
     order by webhooks_due_at limit :limit`,
    { kinds: filter.kinds, limit: filter.limit },
  );
  return rows.map(({ id }) => id);
}

/** Before the shop is called. @returns the claim; undefined where nothing is due, as when another has just claimed it */
export async function claimWebhooks(db: AccountDb, id: string): Promise<string | undefined> {
  const { rows } = await db.raw<{ rows: { claim: string }[] }>(
    `update channels set webhooks_due_at = clock_timestamp() + make_interval(mins => :againMinutes)
     where id = :id and webhooks_due_at <= now() returning webhooks_due_at::text as claim`,
    { id, againMinutes },
  );
  return rows[0]?.claim;
}

/** The shop has its webhooks: they are looked at again tomorrow. New credentials of meanwhile make them due at once. */
export async function noteWebhooks(db: AccountDb, { id, claim }: { id: string; claim: string }): Promise<void> {
  await db.raw(
    `update channels set webhooks_due_at = now() + interval '1 day' where id = :id and webhooks_due_at = :claim::timestamptz`,
    { id, claim },
  );
}

/** Of a channel that was deleted, so many hours ago at least. */
export async function forgetCredentials(db: AccountDb, id: string, { hours = 0 } = {}): Promise<void> {
  await db('channels')
    .where({ id })
    .whereRaw('deleted_at <= now() - make_interval(hours => ?)', [hours])
    .update({ credentials: null });
}

/** The shop has ended our access. What is parked waits for new credentials. */
export async function endAccess(db: AccountDb, id: string): Promise<void> {
  await db('channels').where({ id }).whereNull('deleted_at').update({
    credentials: null,
    health_status: 'unauthorized',
    health_code: 'channel_unauthorized',
    health_since: db.fn.now(),
  });
}
