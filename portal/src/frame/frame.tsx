import { useQuery } from '@tanstack/react-query';
import { Outlet, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { summaryQuery } from '../api/queries/summary.ts';
import { NotFound } from '../components/states.tsx';
import { useShortcuts } from '../lib/keys.ts';
import { store } from '../lib/storage.ts';
import { useAccount } from '../lib/use-account.ts';
import { useWords } from '../words/use-words.tsx';
import { ActivityMenu } from './activity-menu.tsx';
import { AccountMenu, PersonMenu, PhoneMenu } from './menus.tsx';
import { BottomNav, SideNav } from './nav.tsx';
import { pagesOf } from './pages.ts';
import { OrderSearch } from './search.tsx';
import { SyncButton } from './sync-button.tsx';
import { useRuns } from './use-runs.ts';
import css from './frame.module.css';

const KeysHelp = lazy(async () => ({ default: (await import('./keys-help.tsx')).KeysHelp }));

/** What is around every page of an account: sidebar, top bar, and on a phone the bar at the bottom. */
export function Frame() {
  const words = useWords().frame;
  const account = useAccount();
  const { id } = account;
  const { data: summary } = useQuery(summaryQuery(id));
  const [areKeysShown, showKeys] = useState(false);
  useRuns(id);
  const groups = pagesOf(account, summary, words);
  useGoTo(id, () => showKeys(true));
  useEffect(() => {
    if (account.name !== '') store('vp.account', id);
  }, [account.name, id]);
  return (
    <div className={css['frame']}>
      <a className={css['skip']} href="#main">
        {words.skip}
      </a>
      <aside className={css['side']}>
        <Brand />
        <AccountMenu />
        <SideNav account={id} groups={groups} />
        <div className={css['foot']}>
          <PersonMenu onKeys={() => showKeys(true)} />
        </div>
      </aside>
      <div className={css['main']}>
        <header className={css['top']}>
          <PhoneMenu account={id} groups={groups} onKeys={() => showKeys(true)} />
          <OrderSearch account={id} />
          <div className={css['actions']}>
            <ActivityMenu account={id} />
            <SyncButton />
          </div>
        </header>
        <main id="main" className={css['page']} tabIndex={-1}>
          {account.isForeign ? <NotFound /> : <Outlet />}
        </main>
      </div>
      <BottomNav account={id} groups={groups} />
      {areKeysShown && (
        <Suspense>
          <KeysHelp onClose={() => showKeys(false)} />
        </Suspense>
      )}
    </div>
  );
}

const Brand = () => (
  <div className={css['brand']}>
    <img src="/portal/icon.svg" alt="" />
    Vendor Portals
  </div>
);

function useGoTo(account: string, onHelp: () => void): void {
  const navigate = useNavigate();
  const params = { account };
  useShortcuts({
    'g o': () => void navigate({ to: '/$account/orders', params }),
    'g s': () => void navigate({ to: '/$account/ship', params }),
    'g i': () => void navigate({ to: '/$account/inventory', params }),
    'g a': () => void navigate({ to: '/$account/attention', params }),
    '?': onHelp,
  });
}
