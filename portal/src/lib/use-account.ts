import { useQuery } from '@tanstack/react-query';
import { sessionQuery, type Role, type Scope } from '../api/queries/session.ts';
import { useAccountId } from './account-id.ts';

interface Account {
  readonly id: string;
  /** Empty until the session is here; nothing waits for it. */
  readonly name: string;
  readonly role: Role | undefined;
  readonly scopes: readonly Scope[];
  readonly sells: boolean;
  readonly supplies: boolean;
  /** The session is here, and has no such account. */
  readonly isForeign: boolean;
  /** A control that the person may not use is absent: `may('ship') && <Button>…`. */
  readonly may: (scope: Scope) => boolean;
}

/** Each scope with those that it includes. */
const implied: Readonly<Record<Scope, readonly Scope[]>> = {
  read: [],
  ship: ['read'],
  write: ['read', 'ship'],
  admin: ['read', 'ship', 'write'],
};

/** The account of this page, and what the person may do in it. */
export function useAccount(): Account {
  const id = useAccountId();
  const { data: session } = useQuery(sessionQuery);
  const own = session?.accounts.find((account) => account.id === id);
  const scopes = own?.scopes ?? [];
  return {
    id,
    name: own?.name ?? '',
    role: own?.role,
    scopes,
    sells: own?.sells ?? false,
    supplies: own?.supplies ?? false,
    isForeign: session !== undefined && own === undefined,
    may: (scope) => scopes.some((held) => held === scope || implied[held].includes(scope)),
  };
}
