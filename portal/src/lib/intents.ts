import { useCallback, useRef } from 'react';
import type { ApiError } from '../api/client.ts';

export const newKey = (): string => crypto.randomUUID();

interface IntentKey {
  readonly current: () => string;
  /** Once the intent is done: the next one gets a key of its own. */
  readonly renew: () => void;
  /** The same after a refusal. Where the outcome is not known, the key stays: a repeat must be the same intent. */
  readonly refused: (error: ApiError) => void;
}

/** One Idempotency-Key for one intent: it stays while a form is open, so that a repeat changes nothing. */
export function useIntentKey(): IntentKey {
  const key = useRef<string | undefined>(undefined);
  const current = useCallback(() => (key.current ??= newKey()), []);
  const renew = useCallback(() => void (key.current = undefined), []);
  const refused = useCallback((error: ApiError) => void (error.isUncertain || renew()), [renew]);
  return { current, renew, refused };
}
