import type { StockOutcome, StockWrite } from './channel.ts';

/**
 * Writes a batch in parts of this size. It may have two figures for a listing: the newer version counts, whatever their order,
 * and the other is stale.
 */
export async function inChunks(
  batch: readonly StockWrite[],
  size: number,
  write: (chunk: StockWrite[]) => Promise<StockOutcome[]>,
): Promise<StockOutcome[]> {
  const latest = latestPerListing(batch);
  const outcomes: StockOutcome[] = batch
    .filter((one) => !latest.includes(one))
    .map(({ listingId }) => ({ listingId, outcome: 'stale' }));
  for (let start = 0; start < latest.length; start += size)
    outcomes.push(...(await write(latest.slice(start, start + size))));
  return outcomes;
}

function latestPerListing(batch: readonly StockWrite[]): StockWrite[] {
  const latest = new Map<string, StockWrite>();
  for (const write of batch) {
    const other = latest.get(write.listingId);
    if (!other || write.version > other.version) latest.set(write.listingId, write);
  }
  return [...latest.values()];
}
