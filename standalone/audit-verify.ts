import { parseArgs } from 'node:util';
import { ConfigError, loadStandaloneConfig } from '../config.ts';
import { listAuditedAccounts, verifyAudit, type Fault, type Head, type Verdict } from '../db/accounts/audit-chain.ts';
import { DatabaseError } from '../db/engine/database-error.ts';
import { databaseOf, onDatabase } from './database.ts';
import { StartError } from './start-error.ts';
import { readStored, writeStored } from './stored.ts';

// `npm run audit:verify [-- --heads <file>]` computes the hash chains of the audit anew and names the first broken row.
const usage = 'Usage: npm run audit:verify [-- --heads <file>]';

const texts: Readonly<Record<Fault, string>> = {
  changed: 'is not as it was written',
  row_missing: 'was deleted',
  link_missing: 'is missing with its link',
  not_chained: 'was put in beside the chain',
  cut_off: 'is not in the chain any more, and was its head before',
};

/** @returns whether every chain is whole */
async function run(): Promise<boolean> {
  const { heads: file } = readArguments();
  const noted = file === undefined ? {} : (readStored<Record<string, Head>>(file) ?? {});
  const verdicts = await onDatabase(databaseOf(loadStandaloneConfig()), async (pool) => {
    const found: Verdict[] = [];
    const accountIds = new Set([...(await listAuditedAccounts(pool)), ...Object.keys(noted)]);
    for (const accountId of accountIds) found.push(await verifyAudit(pool, accountId, noted[accountId] ?? null));
    return found;
  });
  const broken = verdicts.filter((verdict) => verdict.broken !== null);
  for (const verdict of broken) console.log(sentenceOf(verdict));
  const rows = verdicts.reduce((sum, verdict) => sum + verdict.rows, 0);
  if (broken.length > 0) return false;
  console.log(`The audit is whole: ${rows} rows of ${verdicts.length} accounts.`);
  if (file !== undefined) noteHeads(file, verdicts);
  return true;
}

function sentenceOf({ accountId, broken }: Verdict): string {
  const { fault, sequence, eventId } = broken!;
  const row = [eventId, sequence === null ? null : `number ${sequence}`].filter((part) => part !== null).join(', ');
  return `${accountId}: the audit row ${row} ${texts[fault]}.`;
}

/** Only of a whole audit: the heads are what the next verification trusts. */
function noteHeads(file: string, verdicts: readonly Verdict[]): void {
  writeStored(file, Object.fromEntries(verdicts.map(({ accountId, head }) => [accountId, head])));
  console.log(`The heads are in ${file}. Store it where who writes to the database cannot.`);
}

function readArguments(): { heads?: string | undefined } {
  try {
    return parseArgs({ options: { heads: { type: 'string' } } }).values;
  } catch {
    throw new StartError(usage);
  }
}

try {
  if (!(await run())) process.exitCode = 1;
} catch (error) {
  const isForPeople = error instanceof StartError || error instanceof ConfigError;
  const isAway = error instanceof DatabaseError && error.isAway;
  console.error(isAway ? 'The database does not answer: run "npm start" first.' : isForPeople ? error.message : error);
  process.exitCode = 2;
}
