import type { ReactNode } from 'react';
import { PageHead } from '../components/page-head.tsx';
import { Tab, Tabs } from '../components/tabs.tsx';
import { useAccount } from '../lib/use-account.ts';
import { useWords } from '../words/use-words.tsx';

const pages = ['people', 'labels', 'slips', 'keys', 'profile'] as const;
type Page = (typeof pages)[number];

interface SettingsHeadProps {
  readonly current: Page;
  readonly actions?: ReactNode;
}

/** The head of the pages of the settings. Only an admin has keys; slips look as who sells wants them. */
export function SettingsHead({ current, actions }: SettingsHeadProps) {
  const words = useWords();
  const { id: account, may, sells, supplies } = useAccount();
  const isShown: Readonly<Partial<Record<Page, boolean>>> = { keys: may('admin'), slips: sells || !supplies };
  const titles: Readonly<Record<Page, string>> = {
    people: words.people.title,
    labels: words.labels.title,
    slips: words.paper.brand.title,
    keys: words.keys.title,
    profile: words.profile.title,
  };
  return (
    <>
      <PageHead title={words.frame.settings} {...(actions !== undefined && { actions })} />
      <Tabs label={words.frame.settings}>
        {pages
          .filter((page) => isShown[page] ?? true)
          .map((page) => (
            <Tab key={page} to={`/$account/settings/${page}`} params={{ account }} isCurrent={page === current}>
              {titles[page]}
            </Tab>
          ))}
      </Tabs>
    </>
  );
}
