import type { ReactNode } from 'react';
import { PageHead } from '../components/page-head.tsx';
import { Tab, Tabs } from '../components/tabs.tsx';
import { useAccount } from '../lib/use-account.ts';
import { useWords } from '../words/use-words.tsx';

interface SettingsHeadProps {
  readonly current: 'people' | 'keys' | 'profile';
  readonly actions?: ReactNode;
}

/** The head of the three pages of the settings. Only an admin has keys. */
export function SettingsHead({ current, actions }: SettingsHeadProps) {
  const words = useWords();
  const { id: account, may } = useAccount();
  const pages = (['people', 'keys', 'profile'] as const).filter((page) => page !== 'keys' || may('admin'));
  return (
    <>
      <PageHead title={words.frame.settings} {...(actions !== undefined && { actions })} />
      <Tabs label={words.frame.settings}>
        {pages.map((page) => (
          <Tab key={page} to={`/$account/settings/${page}`} params={{ account }} isCurrent={page === current}>
            {words[page].title}
          </Tab>
        ))}
      </Tabs>
    </>
  );
}
