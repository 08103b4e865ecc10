import type { Pool } from './pool.ts';
import { withAccount } from './with-account.ts';

/** `subject`: what is counted of an account; `holder`: this process. */
type RateLease = { accountId: string; subject: string; holder: string; seconds: number };

/**
 * Says that this process serves many requests of a caller for some seconds, so that others leave it its share of the rate.
 * @returns how many processes do, with this one
 */
export async function leaseRate(pool: Pool, { accountId, ...lease }: RateLease): Promise<number> {
  return withAccount(pool, accountId, async (db) => {
    const { rows } = await db.raw<{ rows: { others: number }[] }>(
      `with ended as (
         delete from rate_leases where holder <> :holder and until < now() - interval '1 minute'
       ), own as (
         insert into rate_leases (account_id, subject, holder, until)
         values (:accountId, :subject, :holder, now() + make_interval(secs => :seconds))
         on conflict (account_id, subject, holder) do update set until = excluded.until
       )
       select count(*)::int as others from rate_leases where subject = :subject and holder <> :holder and until > now()`,
      { accountId, ...lease },
    );
    return rows[0]!.others + 1;
  });
}
