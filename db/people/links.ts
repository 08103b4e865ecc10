import type { SystemDb, UserDb } from '../engine/with-account.ts';

export async function insertLink(
  db: UserDb,
  link: { hash: Buffer; byMail: boolean; now: Date; expiresAt: Date },
): Promise<void> {
  const { hash, byMail, now, expiresAt } = link;
  await db('sign_in_links').insert({
    user_id: db.userId,
    token_hash: hash,
    by_mail: byMail,
    created_at: now,
    expires_at: expiresAt,
  });
}

/** The links of the person that were not used yet work no more. */
export async function endLinks(db: UserDb, now: Date): Promise<void> {
  await db('sign_in_links').where({ user_id: db.userId }).whereNull('used_at').update({ used_at: now });
}

/** Whose link this is, also of a used one. */
export async function userOfLink(db: SystemDb, hash: Buffer): Promise<string | undefined> {
  return (await db('sign_in_links').where({ token_hash: hash }).first('user_id'))?.user_id;
}

/** One statement, so that of two uses at once only one works. @returns undefined where the link does not work any more */
export async function useLink(db: UserDb, hash: Buffer, now: Date): Promise<{ byMail: boolean } | undefined> {
  const [row] = await db('sign_in_links')
    .where({ token_hash: hash })
    .whereNull('used_at')
    .where('expires_at', '>', now)
    .update({ used_at: now })
    .returning<{ by_mail: boolean }[]>('by_mail');
  return row && { byMail: row.by_mail };
}
