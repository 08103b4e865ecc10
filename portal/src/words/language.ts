import { store, stored } from '../lib/storage.ts';

export const languages = ['en', 'de'] as const;
export type Language = (typeof languages)[number];
export const languageNames: Readonly<Record<Language, string>> = { en: 'English', de: 'Deutsch' };

const isLanguage = (value: unknown): value is Language => languages.some((one) => one === value);

function first(): Language {
  const chosen = stored('vp.language');
  if (isLanguage(chosen)) return chosen;
  const wanted = navigator.language.slice(0, 2);
  return isLanguage(wanted) ? wanted : 'en';
}

let current = first();

export const language = (): Language => current;

export function chooseLanguage(chosen: Language): void {
  current = chosen;
  store('vp.language', chosen);
}

/** For `Intl`: the browser's own locale where it is of the language of the page. */
export const locale = (): string => (navigator.language.startsWith(current) ? navigator.language : current);
