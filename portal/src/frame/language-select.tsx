import { Select, type ControlIds } from '../components/field.tsx';
import { languageNames, languages } from '../words/language.ts';
import { useLanguage, useWords } from '../words/use-words.tsx';

/** The language of this browser's pages. In a `Field` give its ids. */
export function LanguageSelect({ ids }: { readonly ids?: ControlIds }) {
  const words = useWords().common;
  const { language, choose } = useLanguage();
  return (
    <Select
      {...(ids ?? { controlSize: 'small', 'aria-label': words.language })}
      value={language}
      options={languages.map((one) => [one, languageNames[one]])}
      onChange={({ currentTarget }) => {
        const chosen = languages.find((one) => one === currentTarget.value);
        if (chosen) choose(chosen);
      }}
    />
  );
}
