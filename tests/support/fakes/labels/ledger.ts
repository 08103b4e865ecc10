import { appendFileSync, closeSync, existsSync, fsyncSync, openSync, readFileSync } from 'node:fs';

/**
 * Money that moved at a provider. `minor` is always positive. `label`: our label's id where the provider stores it, else null.
 * `reference`: our rating's id.
 */
export type LabelLedgerEntry = {
  kind: 'charge' | 'refund';
  purchaseId: string;
  shipmentId: string;
  reference: string;
  label: string | null;
  trackingNumber: string;
  minor: number;
  currency: string;
};

type LabelLedger = {
  add: (entry: LabelLedgerEntry) => void;
  entries: () => LabelLedgerEntry[];
  close: () => void;
};

/** Append-only. With a path each line is on disk before the caller gets its answer, so that it outlives the process. */
export function createLabelLedger(path?: string): LabelLedger {
  const entries = path !== undefined && existsSync(path) ? readLabelLedger(path) : [];
  const file = path === undefined ? undefined : openSync(path, 'a');
  return {
    add: (entry) => {
      entries.push(entry);
      if (file === undefined) return;
      appendFileSync(file, `${JSON.stringify(entry)}\n`);
      fsyncSync(file);
    },
    entries: () => entries.map((entry) => ({ ...entry })),
    close: () => file !== undefined && closeSync(file),
  };
}

export const readLabelLedger = (path: string): LabelLedgerEntry[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as LabelLedgerEntry);

/** Minor units that were charged, or paid back. */
export const sumOfKind = (entries: readonly LabelLedgerEntry[], kind: LabelLedgerEntry['kind']): number =>
  entries.filter((entry) => entry.kind === kind).reduce((sum, { minor }) => sum + minor, 0);
