/** Languages of our own words on paper. The customer's and the merchant's words stay as they are. */
export const paperLanguages = [
  'en',
  'de',
  'fr',
  'es',
  'it',
  'nl',
  'pl',
  'el',
  'uk',
  'ru',
  'zh',
  'ja',
  'ko',
  'ar',
  'he',
] as const;
export type PaperLanguage = (typeof paperLanguages)[number];
