import { requireOwnAccount } from '../../db/accounts/accounts.ts';
import { requireKey } from '../../db/accounts/keys.ts';
import { readInAccount, type AccountDb } from '../../db/engine/with-account.ts';
import { requireMember } from '../../db/people/memberships.ts';
import type { App } from '../deps.ts';
import { forAccount } from '../plugins/auth.ts';
import { answers } from '../schemas/common.ts';
import { me } from '../schemas/me.ts';

const tags = ['accounts'];

export function meRoutes(app: App): void {
  const { pool } = app.deps;
  const schema = {
    tags,
    operationId: 'getMe',
    summary: 'Reads the account, and who asks',
    response: answers({ 200: me }, 'The account, the key or person that asks, and its scopes.'),
  };
  app.get('/me', { schema, config: { access: forAccount('read') } }, ({ actor }) =>
    readInAccount(pool, actor.accountId, async (db) => ({
      account: await requireOwnAccount(db),
      key: actor.isPerson ? null : await requireKey(db, actor.keyId),
      user: actor.isPerson ? await personOf(db, actor.keyId) : null,
      scopes: [...actor.scopes],
    })),
  );
}

async function personOf(db: AccountDb, userId: string) {
  const { name, email, role } = await requireMember(db, userId);
  return { id: userId, name, email, role };
}
