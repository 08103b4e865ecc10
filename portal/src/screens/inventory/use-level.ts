import { useQueryClient, type QueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { ApiError } from '../../api/client.ts';
import { setLevel } from '../../api/commands/stock.ts';
import type { Level, LevelPages } from '../../api/queries/stock.ts';
import { useToasts } from '../../components/toast.tsx';
import { useAccountId } from '../../lib/account-id.ts';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';

interface Editing {
  /** As it is shown: what a person has entered counts until the service has answered. */
  readonly onHand: number;
  readonly available: number;
  /** The last entry has been stored. */
  readonly isSaved: boolean;
  readonly save: (onHand: number) => void;
}

/** A level that shows an entry at once, and takes it back where the service refuses it. */
export function useLevel(level: Level): Editing {
  const account = useAccountId();
  const queries = useQueryClient();
  const words = useWords().inventory;
  const messageOf = useMessage();
  const { complain } = useToasts();
  const [wanted, setWanted] = useState<number>();
  const [isSaved, setSaved] = useState(false);
  // Two entries into one cell are stored one after the other.
  const line = useRef(Promise.resolve());
  const store = async (physicalOnHand: number) => {
    try {
      const { sku, warehouseId } = level;
      await showLevel(queries, account, await setLevel(account, { sku, warehouseId, physicalOnHand }));
      setSaved(true);
    } catch (error) {
      complain(words.notSaved(level.sku), error instanceof ApiError ? messageOf(error) : undefined);
    }
    setWanted((now) => (now === physicalOnHand ? undefined : now));
    void queries.invalidateQueries({ queryKey: [account] });
  };
  const save = (next: number) => {
    setWanted(next);
    setSaved(false);
    line.current = line.current.then(() => store(next));
  };
  const onHand = wanted ?? level.physicalOnHand;
  return { onHand, available: level.availableOnHand + onHand - level.physicalOnHand, isSaved, save };
}

/** Shows an answered level in all lists that have it; lists that are under way would still have the old one. */
export async function showLevel(queries: QueryClient, account: string, stored: Level): Promise<void> {
  const isSame = (one: Level) => one.productId === stored.productId && one.warehouseId === stored.warehouseId;
  const queryKey = [account, 'stock'];
  await queries.cancelQueries({ queryKey });
  queries.setQueriesData<LevelPages>(
    { queryKey },
    (shown) =>
      shown && {
        ...shown,
        pages: shown.pages.map((page) => ({
          ...page,
          data: page.data.map((one) => (isSame(one) && one.version <= stored.version ? stored : one)),
        })),
      },
  );
}
