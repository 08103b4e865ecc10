import { createHash } from 'node:crypto';
import type { Pool } from '../engine/pool.ts';
import { readInAccount, withSystem, type AccountDb } from '../engine/with-account.ts';

/** The last link of an account's chain. */
export type Head = { sequence: number; hash: string };
/**
 * `changed`: the row is not as it was, or its link is not. `row_missing`, `link_missing`: it was deleted. `not_chained`: a row
 * was put in beside the chain. `cut_off`: the chain has not the head that was noted before.
 */
export type Fault = 'changed' | 'row_missing' | 'link_missing' | 'not_chained' | 'cut_off';
export type Verdict = {
  accountId: string;
  rows: number;
  head: Head | null;
  broken: { fault: Fault; sequence: number | null; eventId: string | null } | null;
};

type Link = { sequence: string; event_id: string; hash: Buffer; is_there: boolean; content: string };

const rowsAtOnce = 1_000;
/** The text under the hash, but for the hash of the link before it: as the trigger of the table writes it. */
const content = String.raw`concat_ws(E'\n', c.sequence, c.account_id, c.event_id, e.action, e.subject_id, e.actor_kind,
  e.actor_id, coalesce(e.request_id, ''), to_char(e.occurred_at at time zone 'utc', 'YYYY-MM-DD HH24:MI:SS.US'),
  e.details::text, coalesce(e.before::text, ''), coalesce(e.after::text, ''))`;

/** The accounts that have audit rows or links, the pseudo accounts of the operator and of people with them. */
export async function listAuditedAccounts(pool: Pool): Promise<string[]> {
  const { rows } = await withSystem(pool, (db) =>
    db.raw<{ rows: { account_id: string }[] }>(
      `select account_id from audit_events union select account_id from audit_chain order by account_id`,
    ),
  );
  return rows.map((row) => row.account_id);
}

/**
 * Computes the account's chain anew, from its first row. Hashes are computed here, not by the database that is examined.
 * @param noted the head of an earlier verification: who may write to the database can cut off the newest rows with their
 *   links, and only a head that is noted elsewhere shows it
 * @returns the first row that is broken, or null
 */
export async function verifyAudit(pool: Pool, accountId: string, noted: Head | null = null): Promise<Verdict> {
  let head: Head | null = null;
  let hasNoted = noted === null;
  const verdict = (broken: Verdict['broken']) => ({ accountId, rows: head?.sequence ?? 0, head, broken });
  for (;;) {
    const page = await readPageOfLinks(pool, accountId, head);
    for (const link of page) {
      const fault = faultOf(link, head);
      if (fault !== null) return verdict(fault);
      head = headAt(link);
      hasNoted ||= noted?.sequence === head.sequence && noted.hash === head.hash;
    }
    if (page.length < rowsAtOnce) break;
  }
  if (noted && !hasNoted) return verdict({ fault: 'cut_off', sequence: noted.sequence, eventId: null });
  const loose = await readInAccount(pool, accountId, findLoose);
  return verdict(loose === null ? null : { fault: 'not_chained', sequence: null, eventId: loose });
}

const headAt = ({ sequence, hash }: Link): Head => ({ sequence: Number(sequence), hash: hash.toString('hex') });

function faultOf(link: Link, before: Head | null): Verdict['broken'] {
  const next = (before?.sequence ?? 0) + 1;
  if (Number(link.sequence) !== next) return { fault: 'link_missing', sequence: next, eventId: null };
  const row = { sequence: next, eventId: link.event_id };
  if (!link.is_there) return { fault: 'row_missing', ...row };
  const hash = createHash('sha256').update(`${before?.hash ?? ''}\n${link.content}`);
  return hash.digest().equals(link.hash) ? null : { fault: 'changed', ...row };
}

const readPageOfLinks = (pool: Pool, accountId: string, head: Head | null): Promise<Link[]> =>
  readInAccount(pool, accountId, (db) => readLinks(db, head?.sequence ?? 0));

async function readLinks(db: AccountDb, after: number): Promise<Link[]> {
  const { rows } = await db.raw<{ rows: Link[] }>(
    `select c.sequence, c.event_id, c.hash, e.id is not null as is_there, ${content} as content
     from audit_chain c left join audit_events e on e.account_id = c.account_id and e.id = c.event_id
     where c.sequence > :after order by c.sequence limit :limit`,
    { after, limit: rowsAtOnce },
  );
  return rows;
}

/** The first row without a link. One statement: rows that are added meanwhile come with their links. */
async function findLoose(db: AccountDb): Promise<string | null> {
  const { rows } = await db.raw<{ rows: { id: string }[] }>(
    `select e.id from audit_events e
     where not exists (select from audit_chain c where c.account_id = e.account_id and c.event_id = e.id)
     order by e.occurred_at, e.id limit 1`,
  );
  return rows[0]?.id ?? null;
}
