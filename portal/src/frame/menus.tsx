import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ChevronsUpDown, Headset, Keyboard, LogOut, MenuIcon, UserRound } from 'lucide-react';
import { signOut } from '../api/commands/session.ts';
import { sessionQuery } from '../api/queries/session.ts';
import { IconButton } from '../components/button.tsx';
import { Menu, MenuGroup, MenuItem, MenuSeparator } from '../components/menu.tsx';
import { closeToasts } from '../components/toast.tsx';
import { initials } from '../lib/format.ts';
import { store } from '../lib/storage.ts';
import { useAccount } from '../lib/use-account.ts';
import { useWords } from '../words/use-words.tsx';
import type { NavGroup } from './pages.ts';
import css from './frame.module.css';

export function useSignOut(): () => Promise<void> {
  const queries = useQueryClient();
  const navigate = useNavigate();
  return async () => {
    // Ended at the server or not: this page forgets all it has shown.
    await signOut().catch(() => undefined);
    queries.clear();
    closeToasts();
    await navigate({ to: '/sign-in' });
  };
}

function Accounts() {
  const words = useWords().frame;
  const { id } = useAccount();
  const { data: session } = useQuery(sessionQuery);
  const navigate = useNavigate();
  const open = (account: string) => {
    store('vp.account', account);
    closeToasts();
    void navigate({ to: '/$account/orders', params: { account } });
  };
  return (
    <MenuGroup label={words.accounts}>
      {session?.accounts.map((account) => (
        <MenuItem key={account.id} isCurrent={account.id === id} onSelect={() => open(account.id)}>
          {account.name}
        </MenuItem>
      ))}
    </MenuGroup>
  );
}

export function AccountMenu() {
  const words = useWords().frame;
  const { name, sells, supplies } = useAccount();
  const side = sells ? (supplies ? words.both : words.merchant) : supplies ? words.supplier : words.neither;
  return (
    <Menu
      align="start"
      trigger={
        <button type="button" className={css['account']}>
          <span className={css['avatar']} aria-hidden>
            {initials(name)}
          </span>
          <span className={css['names']}>
            <b>{name}</b>
            <span>{name !== '' && side}</span>
          </span>
          <span className="visually-hidden">{words.switchAccount}</span>
          <ChevronsUpDown size={16} aria-hidden />
        </button>
      }
    >
      <Accounts />
    </Menu>
  );
}

interface PersonProps {
  readonly onKeys: () => void;
}

function PersonItems({ onKeys }: PersonProps) {
  const words = useWords();
  const { id: account } = useAccount();
  const { data: session } = useQuery(sessionQuery);
  const navigate = useNavigate();
  const leave = useSignOut();
  const toProfile = () => void navigate({ to: '/$account/settings/profile', params: { account } });
  return (
    <>
      <MenuItem icon={<UserRound size={16} aria-hidden />} onSelect={toProfile}>
        {words.profile.title}
      </MenuItem>
      <MenuItem icon={<Keyboard size={16} aria-hidden />} onSelect={onKeys}>
        {words.frame.keys.title}
      </MenuItem>
      {session?.user.staff && (
        <MenuItem icon={<Headset size={16} aria-hidden />} onSelect={() => void navigate({ to: '/support' })}>
          {words.frame.support}
        </MenuItem>
      )}
      <MenuSeparator />
      <MenuItem icon={<LogOut size={16} aria-hidden />} onSelect={() => void leave()}>
        {words.frame.signOut}
      </MenuItem>
    </>
  );
}

export function PersonMenu({ onKeys }: PersonProps) {
  const words = useWords().frame;
  const { data: session } = useQuery(sessionQuery);
  const { name = '', email = '' } = session?.user ?? {};
  return (
    <Menu
      align="start"
      trigger={
        <button type="button" className={css['person']}>
          <span className={css['avatar']} aria-hidden>
            {initials(name)}
          </span>
          <span className={css['names']}>
            <b>{name}</b>
            <span>{email}</span>
          </span>
          <span className="visually-hidden">{words.person}</span>
        </button>
      }
    >
      <PersonItems onKeys={onKeys} />
    </Menu>
  );
}

/** On a phone: what the sidebar has and the bottom bar has not. */
export function PhoneMenu({ account, groups, onKeys }: PersonProps & { account: string; groups: readonly NavGroup[] }) {
  const words = useWords().frame;
  const navigate = useNavigate();
  return (
    <div className={css['phone']}>
      <Menu
        align="start"
        trigger={
          <IconButton label={words.menu}>
            <MenuIcon size={18} aria-hidden />
          </IconButton>
        }
      >
        {groups
          .flatMap(({ pages }, group) => pages.slice(group === 0 ? 4 : 0))
          .map(({ name, icon: Icon }) => (
            <MenuItem
              key={name}
              icon={<Icon size={16} aria-hidden />}
              onSelect={() => void navigate({ to: `/$account/${name}`, params: { account } })}
            >
              {words[name]}
            </MenuItem>
          ))}
        <MenuSeparator />
        <Accounts />
        <MenuSeparator />
        <PersonItems onKeys={onKeys} />
      </Menu>
    </div>
  );
}
