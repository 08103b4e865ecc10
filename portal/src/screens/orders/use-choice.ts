import { useState } from 'react';

export interface Choice {
  readonly ids: ReadonlySet<string>;
  readonly toggle: (id: string) => void;
  readonly chooseAll: (ids: readonly string[]) => void;
  readonly clear: () => void;
}

const none: ReadonlySet<string> = new Set();

/** The chosen rows of a list. In another list nothing is chosen yet. @param list names it */
export function useChoice(list: string): Choice {
  const [chosen, setChosen] = useState({ list, ids: none });
  const idsOf = (state: typeof chosen) => (state.list === list ? state.ids : none);
  const toggle = (id: string) =>
    setChosen((before) => {
      const ids = new Set(idsOf(before));
      if (!ids.delete(id)) ids.add(id);
      return { list, ids };
    });
  return {
    ids: idsOf(chosen),
    toggle,
    chooseAll: (all) => setChosen({ list, ids: new Set(all) }),
    clear: () => setChosen({ list, ids: none }),
  };
}
