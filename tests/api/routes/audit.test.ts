import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { verifyAudit } from '../../../db/accounts/audit-chain.ts';
import { recordAudits, type Author } from '../../../db/accounts/audit-events.ts';
import { withAccount } from '../../../db/engine/with-account.ts';
import { auditActions } from '../../../domain/audit.ts';
import { openApi, type Caller } from '../../support/engine/test-api.ts';
import { forTheFile } from '../../support/engine/for-the-file.ts';
import { asOwner } from '../../support/trade/people.ts';

const api = forTheFile(() =>
  openApi(() => ({
    findSchedule: async ({ task }) => ({ task, interval: '1h', paused: false, nextRuns: [] }),
    changeSchedule: async ({ task }) => ({ task, interval: '24h', paused: true, nextRuns: [] }),
  })),
);

type Row = { id: string; accountId: string; action: string; subjectId: string; sequence: number; hash: string };
const rowsFor = async (caller: Caller, query = ''): Promise<Row[]> =>
  (await caller.get(`/v1/audit${query}`)).json<{ data: Row[] }>().data;

const author: Author = { actor: { kind: 'system', id: 'test' }, requestId: null };
/** Rows of an account of its own, under the chain. */
async function anAudit(rows: number): Promise<string> {
  const { accountId } = await api.anAccount();
  const events = Array.from({ length: rows }, (_row, index) => ({
    action: 'warehouse.created' as const,
    subjectId: `wh_${index}`,
    details: { text: 'a\nb "c" ü', index },
  }));
  for (const event of events) await withAccount(api.pool, accountId, (db) => recordAudits(db, author, [event]));
  return accountId;
}

describe('the audit of an account', () => {
  it('shows who changed which setting in which request, from what to what', async () => {
    const owner = await api.anAccount();
    const { id } = (await owner.post('/v1/channels', { kind: 'api', name: 'Own' })).json<{ id: string }>();
    const answer = await owner.patch(`/v1/channels/${id}/schedules/import_orders`, {
      interval: '24h',
      paused: true,
    });
    const settings = { callbackUrl: 'http://127.0.0.1:3999/in?key=secret', callbackSecret: `whsec_${'a'.repeat(32)}` };
    const patched = await owner.patch(`/v1/channels/${id}`, { settings });
    expect([answer.statusCode, patched.statusCode]).toEqual([200, 200]);

    const [changed, schedule] = await rowsFor(owner, `?subjectId=${id}`);

    expect(schedule).toMatchObject({
      action: 'schedule.changed',
      subjectId: id,
      actor: { kind: 'account', id: expect.stringMatching(/^key_/) },
      requestId: answer.headers['x-request-id'],
      details: { task: 'import_orders' },
      before: { interval: '1h', paused: false },
      after: { interval: '24h', paused: true },
    });
    expect(changed).toMatchObject({
      details: { fields: ['settings'] },
      before: { host: null },
      after: { host: '127.0.0.1:3999' },
    });
    expect(JSON.stringify(changed)).not.toContain('secret');
  });

  it('is read by its admins and by the operator, who may name an account', async () => {
    const [one, other] = [await api.anAccount(), await api.anAccount()];
    const writer = await api.aKeyOf(one, ['write']);

    expect((await writer.get('/v1/audit')).statusCode).toBe(403);
    expect(new Set((await rowsFor(one)).map(({ accountId }) => accountId))).toEqual(new Set([one.accountId]));
    expect((await one.get(`/v1/audit?accountId=${other.accountId}`)).statusCode).toBe(404);
    const all = await rowsFor(api.operator, '?action=key.created');
    expect(all.map(({ accountId }) => accountId)).toEqual(expect.arrayContaining([one.accountId, other.accountId]));
    expect(await rowsFor(api.operator, `?accountId=${one.accountId}`)).toEqual(await rowsFor(one));
  });

  it('is read in pages, the newest first', async () => {
    const accountId = await anAudit(4);
    const page = async (cursor: string): Promise<string[]> => {
      const answer = await api.operator.get(`/v1/audit?accountId=${accountId}&limit=3${cursor}`);
      const { data, nextCursor } = answer.json<{ data: Row[]; nextCursor: string | null }>();
      return [...data.map(({ id }) => id), ...(nextCursor === null ? [] : await page(`&cursor=${nextCursor}`))];
    };

    const ids = await page('');

    const rows = await asOwner(api, `select id from audit_events where account_id = '${accountId}' order by occurred_at desc, id desc`); // prettier-ignore
    expect(ids).toEqual(rows.map(({ id }) => id));
    expect(ids.length).toBeGreaterThan(4);
  });

  it('is listed in docs/audit.md, each action', () => {
    const page = readFileSync(join(import.meta.dirname, '../../../docs/audit.md'), 'utf8');
    expect(auditActions.filter((action) => !page.includes(`\`${action}\``))).toEqual([]);
  });
});

describe('the chain', () => {
  it('has one place for each row, however many write at once', async () => {
    const { accountId } = await api.anAccount();
    const events = (index: number) =>
      [0, 1, 2].map((part) => ({ action: 'brand.changed' as const, subjectId: `${index}-${part}` }));
    await Promise.all(
      Array.from({ length: 40 }, (_row, index) =>
        withAccount(api.pool, accountId, (db) => recordAudits(db, author, events(index))),
      ),
    );

    const verdict = await verifyAudit(api.pool, accountId);

    expect(verdict).toMatchObject({ broken: null, head: { sequence: verdict.rows } });
    expect(verdict.rows).toBeGreaterThanOrEqual(120);
  });

  const where = (accountId: string) => `where account_id = '${accountId}'`;
  const link = (accountId: string, sequence: number) =>
    `(select event_id from audit_chain ${where(accountId)} and sequence = ${sequence})`;
  /** What the owner of the tables can do. */
  const unguarded = (sql: string) => `
    alter table audit_chain drop constraint if exists audit_chain_account_id_event_id_fkey;
    alter table audit_events disable trigger chain_audit_event; ${sql};
    alter table audit_events enable trigger chain_audit_event`;
  const swap = (accountId: string) =>
    `update audit_events e set subject_id = o.subject_id, details = o.details from audit_events o
     where e.account_id = '${accountId}' and o.account_id = e.account_id
       and (e.id, o.id) in ((${link(accountId, 3)}, ${link(accountId, 4)}), (${link(accountId, 4)}, ${link(accountId, 3)}))`;
  it.each([
    ['edited', 'changed', 3, (id: string) => `update audit_events set actor_id = 'x' ${where(id)} and id = ${link(id, 3)}`],
    ['of another time', 'changed', 3, (id: string) => `update audit_events set occurred_at = occurred_at + interval '1 us' ${where(id)} and id = ${link(id, 3)}`],
    ['deleted', 'row_missing', 3, (id: string) => `delete from audit_events ${where(id)} and id = ${link(id, 3)}`],
    ['deleted with its link', 'link_missing', 3, (id: string) => `delete from audit_chain ${where(id)} and sequence = 3`],
    ['swapped with the next', 'changed', 3, swap],
    ['put in beside the chain', 'not_chained', null, (id: string) => `insert into audit_events (account_id, id, action, subject_id, actor_kind, actor_id) values ('${id}', 'evt_loose', 'key.created', 'x', 'system', 'x')`],
    ['cut off at the end', 'cut_off', 7, (id: string) => `delete from audit_chain ${where(id)} and sequence > 5; delete from audit_events e ${where(id)} and not exists (select from audit_chain c where c.event_id = e.id)`],
  ] as const)('names a row that was %s', async (...[, fault, sequence, sql]) => {
    const accountId = await anAudit(5);
    const { head } = await verifyAudit(api.pool, accountId);
    expect(head!.sequence).toBe(7);

    await asOwner(api, unguarded(sql(accountId)));

    expect((await verifyAudit(api.pool, accountId, head)).broken).toMatchObject({ fault, sequence });
  }); // prettier-ignore
});
