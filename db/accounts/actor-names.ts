import type { Actor, ActorKind } from '../../domain/account.ts';
import type { AccountDb } from '../engine/with-account.ts';

/** Who needs no look-up. */
const plain: Partial<Record<ActorKind, string>> = { system: 'system', operator: 'operator' };
const tables: Partial<Record<ActorKind, string>> = { account: 'api_keys', supplier: 'suppliers', channel: 'channels' };

/** Persons act for their account under their own id, keys under the key's. */
const isUserId = (id: string): boolean => id.startsWith('usr_');

/**
 * The names of actors: of a person, a key, a supplier or a channel, as the account knows it; `system`, `operator`.
 * @param known.merchantName of a supplier's order: an account knows no other account's name by its id
 * @returns a function; it gives `undefined` for the rest
 */
export async function readActorNames(
  db: AccountDb,
  known: { actors: readonly Actor[]; merchantName: string | null },
): Promise<(actor: Actor) => string | undefined> {
  const { actors, merchantName } = known;
  const names = new Map<string, string>();
  for (const [kind, table] of Object.entries(tables)) {
    const ids = new Set(actors.filter((actor) => actor.kind === kind).map((actor) => actor.id));
    if (ids.size === 0) continue;
    const rows = await db(table)
      .whereIn('id', [...ids])
      .select<{ id: string; name: string }[]>('id', 'name');
    for (const { id, name } of rows) names.set(`${kind}/${id}`, name);
  }
  const people = new Set(actors.filter(({ kind, id }) => kind === 'account' && isUserId(id)).map(({ id }) => id));
  if (people.size > 0) {
    const rows = await db('memberships')
      .whereIn('user_id', [...people])
      .select('user_id', 'name');
    for (const { user_id: id, name } of rows) names.set(`account/${id}`, name);
  }
  return ({ kind, id }) =>
    kind === 'merchant' ? (merchantName ?? undefined) : (plain[kind] ?? names.get(`${kind}/${id}`));
}
