import { useCallback, useRef } from 'react';

export const newKey = (): string => crypto.randomUUID();

/**
 * One Idempotency-Key for one intent: it stays while a form is open, so that a repeat changes nothing. Take a new one with
 * `renew` once the intent is done or refused; not after an answer that `isUncertain`.
 */
export function useIntentKey(): { readonly current: () => string; readonly renew: () => void } {
  const key = useRef<string | undefined>(undefined);
  const current = useCallback(() => (key.current ??= newKey()), []);
  const renew = useCallback(() => void (key.current = undefined), []);
  return { current, renew };
}
