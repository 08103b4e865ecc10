import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { ApiError } from '../../api/client.ts';
import { carriersQuery, recognizedQuery } from '../../api/queries/carriers.ts';
import { useAccountId } from '../../lib/account-id.ts';

const pauseMs = 120;
/** Shorter texts are the beginning of a number. */
const shortest = 8;

/** Follows a value once it rests. */
function useRested(value: string): string {
  const [rested, setRested] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), pauseMs);
    return () => clearTimeout(timer);
  }, [value]);
  return rested;
}

interface UsedCarrier {
  /** What the select shows; empty while the carrier is to be found by the number. */
  readonly code: string;
  readonly choose: (code: string) => void;
  /** All carriers, by name. */
  readonly options: readonly (readonly [code: string, name: string])[];
  readonly needsName: boolean;
  /** The names of the carriers that the number may be of; undefined until that is known. */
  readonly found: readonly string[] | undefined;
  /** For the moment of sending, when a scan and its Enter came faster than the answer. Empty: a person must choose. @throws ApiError */
  readonly resolve: () => Promise<string>;
}

/** The carrier of a tracking number: found by the service, unless a person chose one. */
export function useCarrier(number: string, first = ''): UsedCarrier {
  const account = useAccountId();
  const queries = useQueryClient();
  const [chosen, choose] = useState(first);
  const { data: known } = useQuery(carriersQuery(account));
  const rested = useRested(number);
  const { data: recognized } = useQuery({
    ...recognizedQuery(account, rested),
    enabled: rested.length >= shortest,
  });
  const isCurrent = rested === number && rested.length >= shortest;
  const code = chosen || (isCurrent && recognized?.carrier) || '';
  const nameOf = (wanted: string) => known?.data.find((one) => one.code === wanted)?.name ?? wanted;
  return {
    code,
    choose,
    options: known?.data.map((one) => [one.code, one.name] as const) ?? [],
    needsName: known?.data.some((one) => one.code === code && one.requiresName) ?? false,
    found: isCurrent ? recognized?.candidates.map(nameOf) : undefined,
    resolve: async () => {
      if (chosen !== '') return chosen;
      try {
        return (await queries.ensureQueryData(recognizedQuery(account, number))).carrier ?? '';
      } catch (error) {
        if (error instanceof ApiError && error.status !== 0 && error.status < 500) return '';
        throw error;
      }
    },
  };
}
