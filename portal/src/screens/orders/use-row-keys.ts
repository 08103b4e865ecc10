import { useState, type RefObject } from 'react';
import { useShortcuts } from '../../lib/keys.ts';

/** `j` and `k` move through the links of the rows, and the focus follows; `x` chooses the row. */
export function useRowKeys(table: RefObject<HTMLElement | null>, onChoose: (id: string) => void) {
  const [current, setCurrent] = useState<string>();
  const links = () => [...(table.current?.querySelectorAll<HTMLAnchorElement>('a[data-row]') ?? [])];
  const move = (step: number) => {
    const all = links();
    const here = all.findIndex(({ dataset }) => dataset['row'] === current);
    const next = all[Math.max(0, Math.min(all.length - 1, here + step))];
    next?.focus();
    next?.scrollIntoView({ block: 'nearest' });
  };
  useShortcuts({
    j: () => move(1),
    k: () => move(-1),
    x: () => {
      if (current !== undefined && links().some(({ dataset }) => dataset['row'] === current)) onChoose(current);
    },
  });
  return { current, setCurrent };
}
