import { requireChannel } from '../db/channels/channels.ts';
import { listAtWork, listBehindCredentials } from '../db/attentions.ts';
import { readInAccount } from '../db/engine/with-account.ts';
import { isShopKind, type CalledChannel, type ChannelProblem } from '../domain/channel.ts';
import { isLocationOpen, type Access } from './channels/channel.ts';
import { shops } from './channels/kinds.ts';
import type { Deps } from './deps.ts';
import { withChannel } from './open-channel.ts';
import { findOwnerOfChannel, ownerOfChannel } from './owners.ts';
import { resumeParked } from './resume-parked.ts';
import type { ResumeProgress } from '../workflows/messages.ts';

/** Permissions by the shop's names, stock locations by its ids. */
export type ChannelCheck = Pick<Access, 'missing' | 'unproven' | 'locations'> & {
  /** What to do in the shop for each missing permission. */
  fixes: { permission: string; fix: string }[];
  problems: ChannelProblem[];
};

/** How many pushes of one channel run at the same time when it resumes. */
const resumedAtOnce = 5;
/** A push that takes longer, in milliseconds, is held up by another cause. The next push does not wait for it. */
const longestAtWork = 60_000;

export function createChannelActivities(deps: Deps) {
  return {
    /** Checks the credentials by asking the shop for our access. */
    async checkChannel({ channelId }: { channelId: string }): Promise<ChannelCheck> {
      const accountId = await ownerOfChannel(deps.pool, channelId);
      const place = { accountId, channelId, isProbe: true };
      const { missing, unproven, locations } = await withChannel(deps, place, (channel) => channel.describeAccess());
      const channel = await readInAccount(deps.pool, accountId, (db) => requireChannel(db, channelId));
      return {
        missing,
        unproven,
        locations,
        fixes: fixesOf(channel, missing),
        problems: problemsOf(channel, locations),
      };
    },

    resumeBehindCredentials: (input: Resuming) => resumeBehindCredentials(deps, input),
  };
}

const fixesOf = ({ kind }: CalledChannel, missing: readonly string[]): ChannelCheck['fixes'] =>
  isShopKind(kind) ? missing.map((permission) => ({ permission, fix: shops[kind].fixOf(permission) })) : [];

/** What stops a task, although the shop answers. */
function problemsOf({ kind, settings }: CalledChannel, locations: Access['locations']): ChannelProblem[] {
  const setting = isShopKind(kind) ? shops[kind].locationSetting : undefined;
  const isOpen = setting !== undefined && isLocationOpen(locations, settings[setting]);
  return isOpen ? ['location_not_chosen'] : [];
}

type Resuming = { channelId: string; progress: ResumeProgress };

/**
 * Retries steps that parked with old credentials, the longest waiting first. At most `resumedAtOnce` run at a time, so
 * each call resumes as many as have ended since the last call.
 * @returns `more`: whether others wait
 */
async function resumeBehindCredentials(
  deps: Deps,
  { channelId, progress }: Resuming,
): Promise<{ more: boolean; progress: ResumeProgress }> {
  const { pool, now } = deps;
  const accountId = await findOwnerOfChannel(pool, channelId);
  if (accountId === undefined) return { more: false, progress };
  const young = progress.atWork.filter(({ resumedAt }) => now().getTime() - Date.parse(resumedAt) < longestAtWork);
  const { busy, parked } = await readInAccount(pool, accountId, async (db) => ({
    busy: await listAtWork(db, young.map(({ attentionId }) => attentionId)), // prettier-ignore
    parked: await listBehindCredentials(db, { channelId, after: progress.after, limit: resumedAtOnce + 1 }),
  }));
  const atWork = young.filter(({ attentionId }) => busy.includes(attentionId));
  const next = parked.slice(0, Math.max(0, resumedAtOnce - atWork.length));
  // One after the other, so that they resume in the order in which they parked.
  for (const one of next) await resumeParked(deps, accountId, one);
  const resumedAt = now().toISOString();
  return {
    more: parked.length > next.length,
    progress: {
      after: next.at(-1)?.attentionId ?? progress.after,
      atWork: [...atWork, ...next.map(({ attentionId }) => ({ attentionId, resumedAt }))],
    },
  };
}
