import { useQueryClient } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { sessionQuery, type Session } from '../api/queries/session.ts';

/** Only pages of the portal: a link from outside may name any address. */
const isOurs = (path: string | undefined): path is string => path !== undefined && /^\/portal\/[^/\\]/.test(path);

/** Shows the first page after sign-in: `to`, an address below `/portal/`, or the queue of an account. */
export function useArrive(): (session: Session, to?: string) => Promise<void> {
  const queries = useQueryClient();
  const router = useRouter();
  return async (session, to) => {
    // Nothing of whoever was signed in before.
    queries.clear();
    queries.setQueryData(sessionQuery.queryKey, session);
    if (isOurs(to)) router.history.replace(to);
    else await router.navigate({ to: '/', replace: true });
  };
}

/** What stands behind `#`, once: it is removed from the address bar, so that nobody copies it. */
export function takeHash(): { readonly token: string; readonly to: string | undefined } {
  const [token = '', ...rest] = window.location.hash.slice(1).split('&');
  const to = rest.find((part) => part.startsWith('to='))?.slice(3);
  window.history.replaceState(window.history.state, '', window.location.pathname);
  return { token, to: to === undefined ? undefined : decoded(to) };
}

/** Undefined where it is malformed: the sign-in goes on, and leads to the start. */
function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
