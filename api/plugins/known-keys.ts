import type { KeyRecord } from '../../db/accounts/keys.ts';

/** A key that another process has revoked is refused after this time. The promise in docs/operations.md is 5 seconds. */
const trustedMs = 4_000;
/** About 400 bytes each. */
const mostKeys = 10_000;

type Known = { key: KeyRecord; readAt: number };

/**
 * The keys that opened a request in the last seconds, by their hash. A token that is no key is never stored, so guesses
 * take no memory.
 * @param clock milliseconds that only grow: the time of day may be set back, and must not make a key live longer
 */
export function createKnownKeys(clock: () => number) {
  const known = new Map<string, Known>();
  let forgotten = 0;
  return {
    /** @param read reads the key from the database; `undefined` where it opens nothing */
    async find(hash: Buffer, read: () => Promise<KeyRecord | undefined>): Promise<KeyRecord | undefined> {
      const name = hash.toString('latin1');
      const found = known.get(name);
      // The time of the read, not of its answer: the key may be revoked in between.
      const readAt = clock();
      if (found && readAt - found.readAt < trustedMs) return found.key;
      known.delete(name);
      const before = forgotten;
      const key = await read();
      // A key that was forgotten during the read may be this one, as it was before.
      if (key && forgotten === before) remember(known, name, { key, readAt });
      return key;
    },
    /** This process refuses the key at once. */
    forget(keyId: string): void {
      forgotten += 1;
      for (const [name, { key }] of known) if (key.id === keyId) known.delete(name);
    },
  };
}

export type KnownKeys = ReturnType<typeof createKnownKeys>;

/** Each key is read anew after some seconds, so the first in the map is the oldest. */
function remember(known: Map<string, Known>, name: string, entry: Known): void {
  known.delete(name);
  if (known.size >= mostKeys) known.delete(known.keys().next().value!);
  known.set(name, entry);
}
