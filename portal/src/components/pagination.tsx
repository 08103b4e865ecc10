import { useWords } from '../words/use-words.tsx';
import { Button } from './button.tsx';
import css from './pagination.module.css';

interface PaginationProps {
  readonly hasMore: boolean;
  readonly isBusy: boolean;
  readonly onMore: () => void;
}

/** `Show 25 more`, below a list. Nothing where all is shown. */
export function Pagination({ hasMore, isBusy, onMore }: PaginationProps) {
  const { showMore } = useWords().common;
  if (!hasMore) return null;
  return (
    <div className={css['more']}>
      <Button isBusy={isBusy} onClick={onMore}>
        {showMore}
      </Button>
    </div>
  );
}
