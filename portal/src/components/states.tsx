import { CloudOff, Inbox, SearchX } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { ApiError } from '../api/client.ts';
import { classes } from '../lib/classes.ts';
import { ago } from '../lib/format.ts';
import { useWords } from '../words/use-words.tsx';
import { Button } from './button.tsx';
import css from './states.module.css';

interface EmptyProps {
  readonly icon?: ReactNode;
  readonly title: ReactNode;
  /** What would be here. */
  readonly children?: ReactNode;
  /** The one thing to do. */
  readonly action?: ReactNode;
}

export const Empty = ({ icon = <Inbox size={22} aria-hidden />, title, children, action }: EmptyProps) => (
  <div className={css['empty']}>
    <div className={css['icon']}>{icon}</div>
    <h2>{title}</h2>
    {children !== undefined && <p>{children}</p>}
    {action !== undefined && <div className={css['action']}>{action}</div>}
  </div>
);

/** Until then most answers are here, and nothing flickers. */
const patienceMs = 150;

/** Grey bars in place of rows, from 150 ms on. */
export function Skeleton({ rows = 6 }: { readonly rows?: number }) {
  const { loading } = useWords().common;
  const [isDue, setDue] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setDue(true), patienceMs);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className={css['skeleton']} role="status" aria-busy="true">
      <span className="visually-hidden">{loading}</span>
      {isDue && Array.from({ length: rows }, (_, row) => <div key={row} className={css['bar']} />)}
    </div>
  );
}

/** What went wrong, what to do, and the request's id for support. A 404 shows the page for what is not there. */
export function ErrorState({ error, onRetry }: { readonly error: Error; readonly onRetry?: (() => void) | undefined }) {
  const words = useWords().common;
  if (error instanceof ApiError && error.status === 404) return <NotFound />;
  const requestId = error instanceof ApiError ? error.requestId : undefined;
  return (
    <div className={css['empty']} role="alert">
      <div className={classes(css['icon'], css['red'])}>
        <CloudOff size={22} aria-hidden />
      </div>
      <h2>{words.failed}</h2>
      <p>{error instanceof ApiError && error.status === 0 ? words.unreachable : error.message}</p>
      {onRetry && (
        <div className={css['action']}>
          <Button onClick={onRetry}>{words.tryAgain}</Button>
        </div>
      )}
      {requestId !== undefined && <p className={css['request']}>{words.request(requestId)}</p>}
    </div>
  );
}

/** One page for what is missing and for what belongs to somebody else. */
export function NotFound() {
  const words = useWords().common;
  return (
    <div className={css['empty']}>
      <div className={css['icon']}>
        <SearchX size={22} aria-hidden />
      </div>
      <h1>{words.notFound}</h1>
      <p>{words.notFoundHint}</p>
    </div>
  );
}

/** Above rows that could not be asked for again; they stay. */
function StaleBar({ since, onRetry }: { readonly since: number; readonly onRetry: () => void }) {
  const words = useWords().common;
  return (
    <div className={css['stale']} role="status">
      {words.stale(ago(new Date(since).toISOString()))}
      <Button size="small" look="quiet" onClick={onRetry}>
        {words.tryAgain}
      </Button>
    </div>
  );
}

/** What a query gives; `useQuery` and `useInfiniteQuery` fit. */
interface Asked<T> {
  readonly data: T | undefined;
  readonly error: Error | null;
  readonly dataUpdatedAt: number;
  readonly refetch: () => unknown;
}

interface LoadedProps<T> {
  readonly query: Asked<T>;
  /** While nothing is here yet. */
  readonly skeleton?: ReactNode;
  readonly children: (data: T) => ReactNode;
}

/** Skeleton, error, 404, or the data with a bar above it where it could not be asked for again. */
export function Loaded<T>({ query, skeleton = <Skeleton />, children }: LoadedProps<T>) {
  const retry = () => void query.refetch();
  if (query.data === undefined) return query.error ? <ErrorState error={query.error} onRetry={retry} /> : skeleton;
  if (query.error instanceof ApiError && query.error.status === 404) return <NotFound />;
  return (
    <>
      {query.error && <StaleBar since={query.dataUpdatedAt} onRetry={retry} />}
      {children(query.data)}
    </>
  );
}
