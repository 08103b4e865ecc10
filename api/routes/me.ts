import { requireOwnAccount } from '../../db/accounts/accounts.ts';
import { requireKey } from '../../db/accounts/keys.ts';
import { readInAccount } from '../../db/engine/with-account.ts';
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
    summary: 'Reads the account and the scopes of the key',
    response: answers({ 200: me }, 'The account and the scopes of the key.'),
  };
  app.get('/me', { schema, config: { access: forAccount('read') } }, ({ actor }) =>
    readInAccount(pool, actor.accountId, async (db) => ({
      account: await requireOwnAccount(db),
      key: await requireKey(db, actor.keyId),
      scopes: [...actor.scopes],
    })),
  );
}
