import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { ChannelError } from '../../activities/channels/channel.ts';
import { renewing } from '../../activities/renew-credentials.ts';
import { deleteChannel, insertChannel, readCredentials, recordHealth, replaceCredentials, requireChannel } from '../../db/channels/channels.ts'; // prettier-ignore
import { claimRenewal } from '../../db/channels/renewals.ts';
import type { Pool } from '../../db/engine/pool.ts';
import { createSealer } from '../../db/engine/sealing.ts';
import { withAccount, type AccountDb } from '../../db/engine/with-account.ts';
import { anAccount } from '../support/trade/database-trade.ts';
import { onDatabase } from '../support/engine/database.ts';

let pool: Pool;
// One link only: a renewal that held it while it calls the shop would block all that follows.
onDatabase(1, (opened) => {
  pool = opened;
});

const sealer = createSealer(randomBytes(32).toString('base64'));
const tokens = (number: number) => ({ accessToken: `access-${number}`, refreshToken: `refresh-${number}` });

/** A channel whose shop takes each refresh token once. `shop.answer` lets the shop answer the calls that wait. */
async function aChannel() {
  const accountId = await anAccount(pool);
  const inAccount = <T>(work: (db: AccountDb) => Promise<T>) => withAccount(pool, accountId, work);
  const settings = { url: 'https://shop.example' };
  const { id: channelId } = await inAccount((db) =>
    insertChannel(db, sealer, { kind: 'vendure', name: 'Shop', settings, credentials: tokens(1) }),
  );
  const calls: { stored: unknown; answer: (renewed: unknown) => void; fail: (error: Error) => void }[] = [];
  const arrivals: (() => void)[] = [];
  const next = (stored: unknown) =>
    new Promise((answer, fail) => {
      calls.push({ stored, answer, fail });
      arrivals.shift()?.();
    });
  const { signal } = new AbortController();
  const worker = (wait: { pollMs: number; longestMs: number }) => {
    const renew = renewing({ pool, sealer }, { accountId, channelId }, { ...wait, signal });
    return (used: unknown) => renew(used, next);
  };
  return {
    channelId,
    inAccount,
    calls,
    called: (times: number) =>
      calls.length >= times ? Promise.resolve() : new Promise<void>((resolve) => arrivals.push(resolve)),
    renew: worker({ pollMs: 5, longestMs: 60_000 }),
    renewImpatiently: worker({ pollMs: 1, longestMs: 5 }),
    stored: () => inAccount((db) => readCredentials(db, sealer, channelId)),
    version: async () => (await inAccount((db) => requireChannel(db, channelId))).credentialsVersion,
    enter: (credentials: unknown) => inAccount((db) => replaceCredentials(db, { sealer, id: channelId, credentials })),
  };
}

describe('credentials that have run out', () => {
  it('are renewed once by two workers, who both get the new ones', async () => {
    const channel = await aChannel();

    const first = channel.renew(tokens(1));
    await channel.called(1);
    const second = channel.renew(tokens(1));
    channel.calls[0]!.answer(tokens(2));

    expect(await Promise.all([first, second])).toEqual([tokens(2), tokens(2)]);
    expect(channel.calls.map(({ stored }) => stored)).toEqual([tokens(1)]);
    expect(await channel.stored()).toEqual(tokens(2));
    expect(await channel.version()).toBe(1);
  });

  it('are not asked for by a worker that still has the ones before', async () => {
    const channel = await aChannel();
    await channel.enter(tokens(7));

    expect(await channel.renew(tokens(1))).toEqual(tokens(7));
    expect(channel.calls).toEqual([]);
  });

  it('do not replace what a person enters meanwhile', async () => {
    const channel = await aChannel();
    const renewal = channel.renew(tokens(1));
    await channel.called(1);

    await channel.enter(tokens(9));
    channel.calls[0]!.answer(tokens(2));

    expect(await renewal).toEqual(tokens(9));
    expect([await channel.stored(), await channel.version()]).toEqual([tokens(9), 2]);
    // The entered ones may have to be renewed at once.
    const again = channel.renew(tokens(9));
    await channel.called(2);
    channel.calls[1]!.answer(tokens(10));
    expect(await again).toEqual(tokens(10));
  });

  it('hold up neither the health of the channel nor other work while the shop is asked', async () => {
    const channel = await aChannel();
    const renewal = channel.renew(tokens(1));
    await channel.called(1);

    await channel.inAccount((db) =>
      recordHealth(db, channel.channelId, { status: 'failing', code: 'channel_unreachable' }),
    );

    channel.calls[0]!.answer(tokens(2));
    expect(await renewal).toEqual(tokens(2));
  });

  it('may be renewed by the next worker as soon as the shop has refused', async () => {
    const channel = await aChannel();
    const refused = channel.renew(tokens(1));
    await channel.called(1);
    channel.calls[0]!.fail(new ChannelError({ kind: 'auth_failed' }));
    await expect(refused).rejects.toMatchObject({ fault: { kind: 'auth_failed' } });

    const second = channel.renewImpatiently(tokens(1));
    await channel.called(2);
    channel.calls[1]!.answer(tokens(2));

    expect(await second).toEqual(tokens(2));
  });

  it('that another worker takes too long to renew are a passing trouble', async () => {
    const channel = await aChannel();
    const slow = channel.renew(tokens(1));
    await channel.called(1);

    await expect(channel.renewImpatiently(tokens(1))).rejects.toMatchObject({ fault: { kind: 'unavailable' } });

    channel.calls[0]!.answer(tokens(2));
    expect(await slow).toEqual(tokens(2));
  });

  it('of a worker that crashed are renewed by another, and what it brings late is not stored', async () => {
    const channel = await aChannel();
    const late = channel.renew(tokens(1));
    await channel.called(1);
    await channel.inAccount((db) =>
      db('channels')
        .where({ id: channel.channelId })
        .update({ renewing_until: new Date(0) }),
    );

    const second = channel.renew(tokens(1));
    await channel.called(2);
    channel.calls[1]!.answer(tokens(2));
    expect(await second).toEqual(tokens(2));
    channel.calls[0]!.answer(tokens(3));

    expect([await late, await channel.stored()]).toEqual([tokens(2), tokens(2)]);
  });

  it('of a channel that is deleted meanwhile stay forgotten', async () => {
    const channel = await aChannel();
    const renewal = channel.renew(tokens(1));
    await channel.called(1);

    await channel.inAccount((db) => deleteChannel(db, channel.channelId));
    channel.calls[0]!.answer(tokens(2));

    await expect(renewal).rejects.toMatchObject({ fault: { kind: 'gone', what: 'channel' } });
    const claim = { sealer, id: channel.channelId, used: tokens(1) };
    expect(await channel.inAccount((db) => claimRenewal(db, claim))).toBeUndefined();
  });
});
