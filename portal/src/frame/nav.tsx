import { Link, useRouterState } from '@tanstack/react-router';
import { Count } from '../components/badge.tsx';
import { useWords } from '../words/use-words.tsx';
import type { NavGroup, NavPage } from './pages.ts';
import css from './frame.module.css';

interface PageLinkProps {
  readonly account: string;
  readonly page: NavPage;
}

function PageLink({ account, page }: PageLinkProps) {
  const words = useWords().frame;
  const { name, icon: Icon, count, isAlarm = false } = page;
  const isHere = useRouterState({ select: ({ location }) => location.pathname.split('/')[2] === name });
  return (
    <Link
      to={`/$account/${name}`}
      params={{ account }}
      activeOptions={never}
      aria-current={isHere ? 'page' : undefined}
    >
      <Icon size={18} aria-hidden />
      <span className={css['label']}>{words[name]}</span>
      <Count value={count} isAlarm={isAlarm} />
    </Link>
  );
}

// An order's page is below Orders too; the router would go by the whole address.
const never = { exact: true, includeSearch: true, explicitUndefined: true } as const;

interface NavProps {
  readonly account: string;
  readonly groups: readonly NavGroup[];
}

export function SideNav({ account, groups }: NavProps) {
  const words = useWords().frame;
  return (
    <nav className={css['nav']} aria-label={words.navigation}>
      {groups.map(({ title, pages }) => (
        <div key={title ?? ''}>
          {title !== undefined && <p className={css['group']}>{title}</p>}
          {pages.map((page) => (
            <PageLink key={page.name} account={account} page={page} />
          ))}
        </div>
      ))}
    </nav>
  );
}

const inBar = 4;

/** The bar at the bottom of a phone. */
export function BottomNav({ account, groups }: NavProps) {
  const words = useWords().frame;
  return (
    <nav className={css['bottom']} aria-label={words.navigation}>
      {groups[0]?.pages.slice(0, inBar).map((page) => (
        <PageLink key={page.name} account={account} page={page} />
      ))}
    </nav>
  );
}
