import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react';
import { en, type Words } from './en.ts';
import { chooseLanguage, language, type Language } from './language.ts';

interface Chosen {
  readonly words: Words;
  readonly language: Language;
  readonly choose: (language: Language) => void;
}

const Context = createContext<Chosen>({ words: en, language: 'en', choose: () => undefined });

const load = async (wanted: Language): Promise<Words> => (wanted === 'en' ? en : (await import('./de.ts')).de);

/** All sentences of the page. German is loaded when it is wanted; the page waits for it. */
export function WordsProvider({ children }: { readonly children: ReactNode }) {
  const [wanted, setWanted] = useState(language);
  const [shown, setShown] = useState<{ readonly words: Words; readonly language: Language } | undefined>(
    wanted === 'en' ? { words: en, language: 'en' } : undefined,
  );
  useEffect(() => {
    let isLatest = true;
    void load(wanted)
      .catch(() => en)
      .then((words) => isLatest && setShown({ words, language: wanted }));
    return () => void (isLatest = false);
  }, [wanted]);
  useEffect(() => {
    if (shown) document.documentElement.lang = shown.language;
  }, [shown]);
  const chosen = useMemo(() => {
    const choose = (next: Language) => {
      chooseLanguage(next);
      setWanted(next);
    };
    return shown && { ...shown, choose };
  }, [shown]);
  return chosen && <Context value={chosen}>{children}</Context>;
}

/** The sentences: `const words = useWords(); words.orders.title`. */
export const useWords = (): Words => useContext(Context).words;

export const useLanguage = (): Omit<Chosen, 'words'> => useContext(Context);
