import { requireConnection, type Connection } from '../../../db/accounts/connections.ts';
import type { DropshipStart } from '../../../db/dropships/dropships.ts';
import type { Pool } from '../../../db/engine/pool.ts';
import { readInAccount, withAccount, type AccountDb } from '../../../db/engine/with-account.ts';
import type { CorrectTrackingInput, RecordShipmentInput, VoidShipmentInput } from '../../../workflows/messages.ts';

/** Sends messages to the workflow that writes the merchant's order. */
export type Messenger = {
  recordShipment(dropshipId: string, input: RecordShipmentInput): Promise<MessageOutcome>;
  /** This and `voidShipment` reopen a dropship that has closed. */
  correctTracking(start: DropshipStart, input: CorrectTrackingInput): Promise<MessageOutcome>;
  voidShipment(start: DropshipStart, input: VoidShipmentInput): Promise<MessageOutcome>;
};
/** `closed`: the workflow has ended or was never started. */
export type MessageOutcome = { outcome: 'recorded' } | { outcome: 'closed' } | { outcome: 'refused'; code: string };

/** `accountId`: the supplier, in whose name the portal is opened. */
export type PortalTools = { pool: Pool; accountId: string; connectionId: string; messenger: Messenger };

/** The connection as it is now. Both parties may read it. */
export const connectionOf = ({ pool, accountId, connectionId }: PortalTools): Promise<Connection> =>
  readInAccount(pool, accountId, (db) => requireConnection(db, connectionId));

/** Writes the merchant's own notes about its dropships. */
export async function writeAsMerchant<T>(tools: PortalTools, write: (db: AccountDb) => Promise<T>): Promise<T> {
  const { merchantAccountId } = await connectionOf(tools);
  return withAccount(tools.pool, merchantAccountId, write);
}

/** Reads as the other account, which the live connection names (law 2). */
export async function asMerchant<T>(tools: PortalTools, read: (db: AccountDb) => Promise<T>): Promise<T> {
  const { merchantAccountId } = await connectionOf(tools);
  return readInAccount(tools.pool, merchantAccountId, read);
}
