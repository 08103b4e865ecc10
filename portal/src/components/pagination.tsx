import { useWords } from '../words/use-words.tsx';
import { Button } from './button.tsx';
import css from './pagination.module.css';

interface PaginationProps {
  /** A list in pages, as `useInfiniteQuery` gives it. */
  readonly query: {
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly fetchNextPage: () => Promise<unknown>;
  };
}

/** `Show 25 more`, below a list. Nothing where all is shown. */
export function Pagination({ query }: PaginationProps) {
  const { showMore } = useWords().common;
  if (!query.hasNextPage) return null;
  return (
    <div className={css['more']}>
      <Button isBusy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
        {showMore}
      </Button>
    </div>
  );
}
