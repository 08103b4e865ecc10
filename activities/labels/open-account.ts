import { readInAccount, withAccount } from '../../db/engine/with-account.ts';
import { recordLabelHealth, requireToOpen, type LabelAccount } from '../../db/labels/accounts.ts';
import type { Deps } from '../deps.ts';
import { currentSignal } from '../failures.ts';
import { labelHealthAfter, toLabelFailure } from './failures.ts';
import { LabelError, type LabelProvider } from './provider.ts';
import { labelProviders } from './providers/index.ts';

/** A label account and the account that owns it: a lent one is opened in the merchant's account. */
export type LabelPlace = { accountId: string; labelAccountId: string };

/**
 * Opens a label account, uses it, and records its health. A LabelError becomes a failure with a code.
 * @throws ApplicationFailure typed by the codes of domain/errors.ts, with `{ credentialsVersion, labelAccountId }` as detail
 * @throws DomainError `label_account_not_found`
 */
export async function withLabelAccount<T>(
  deps: Deps,
  { accountId, labelAccountId }: LabelPlace,
  use: (provider: LabelProvider, account: LabelAccount) => Promise<T>,
): Promise<T> {
  const read = await readInAccount(deps.pool, accountId, (db) => requireToOpen(db, deps.sealer, labelAccountId));
  const { record } = read;
  const credentials = read.credentials();
  const { provider: host, credentialsVersion: version } = record;
  const call = {
    accountId,
    targetId: labelAccountId,
    version,
    host,
    signal: currentSignal(),
    silence: 'label_provider_unreachable',
    details: detailsOf(record),
  } as const;
  return deps.gate.pass(call, async (seen) => {
    const result = await recordingHealth(deps, record, () => use(open(deps, record, credentials), record));
    seen.answer();
    return result;
  });
}

async function recordingHealth<T>(deps: Deps, record: LabelAccount, work: () => Promise<T>): Promise<T> {
  try {
    const result = await work();
    if (record.health.status !== 'ok') await noteHealth(deps, record, { status: 'ok', code: null });
    return result;
  } catch (error) {
    if (!(error instanceof LabelError)) throw error;
    const health = labelHealthAfter(error.fault);
    if (health) await noteHealth(deps, record, health);
    throw toLabelFailure(error, [detailsOf(record)]);
  }
}

/** If newer credentials have been entered meanwhile, the step resumes with them (law 4). */
const detailsOf = ({ credentialsVersion, id: labelAccountId }: LabelAccount) => ({
  credentialsVersion,
  labelAccountId,
});

const open = (deps: Deps, { provider }: LabelAccount, credentials: unknown): LabelProvider =>
  labelProviders[provider](credentials, {
    fetch: deps.fetch,
    urls: deps.labelUrls,
    now: deps.now,
    signal: currentSignal(),
  });

const noteHealth = (deps: Deps, { accountId, id }: LabelAccount, health: Parameters<typeof recordLabelHealth>[2]) =>
  withAccount(deps.pool, accountId, (db) => recordLabelHealth(db, id, health));
