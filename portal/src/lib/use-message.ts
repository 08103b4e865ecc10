import { useCallback } from 'react';
import type { ApiError } from '../api/client.ts';
import { useWords } from '../words/use-words.tsx';

/** The sentence of a refusal for people; of a lost answer in the language of the page. */
export function useMessage(): (error: ApiError | undefined) => string | undefined {
  const { unreachable } = useWords().common;
  return useCallback((error) => (error?.status === 0 ? unreachable : error?.message), [unreachable]);
}
