import { rows } from './activities.ts';

/** A connection became active: the merchant gets its supplier and warehouse, the supplier its portal and schedules. */
export async function setUpConnection({ connectionId }: { connectionId: string }): Promise<void> {
  const { channelId } = await rows.setUpConnection({ connectionId });
  await rows.ensureSchedules({ channelId });
  await rows.confirmConnectionSetUp({ connectionId });
}

/** A shop channel was added: it gets its schedules. */
export async function setUpChannel({ channelId }: { channelId: string }): Promise<void> {
  await rows.ensureSchedules({ channelId });
}
