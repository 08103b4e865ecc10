import { useInfiniteQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { orderRowsQuery } from '../api/queries/orders.ts';
import { rowsOf } from '../api/queries/pages.ts';
import { Button } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { Outcome } from '../components/outcome.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Pagination } from '../components/pagination.tsx';
import { Loaded } from '../components/states.tsx';
import { useToasts } from '../components/toast.tsx';
import { useAccount } from '../lib/use-account.ts';
import { useWords } from '../words/use-words.tsx';
import type { BatchDone } from './orders/batch-done.ts';
import { BulkBar } from './orders/bulk-bar.tsx';
import { Filters } from './orders/filters.tsx';
import { NoOrders } from './orders/no-orders.tsx';
import { OrderCards } from './orders/order-cards.tsx';
import { OrderViews } from './orders/order-views.tsx';
import { OrdersTable } from './orders/orders-table.tsx';
import { useChoice } from './orders/use-choice.ts';
import { filterOf, type Searched } from './orders/views.ts';
import { UploadTracking } from './upload/upload-tracking.tsx';
import css from './orders/orders.module.css';

function useShownSide(searched: Searched): 'selling' | 'supplying' | 'both' {
  const { sells, supplies } = useAccount();
  if (searched.side !== undefined) return searched.side;
  if (sells === supplies) return 'both';
  return sells ? 'selling' : 'supplying';
}

/** The queue, for both sides. */
export function OrdersScreen() {
  const { id: account } = useAccount();
  const searched = useSearch({ from: '/$account/orders' });
  const words = useWords().orders;
  const { say } = useToasts();
  const list = useInfiniteQuery(orderRowsQuery(account, filterOf(searched)));
  const rows = rowsOf(list.data);
  const choice = useChoice(JSON.stringify(searched));
  const side = useShownSide(searched);
  const [outcome, setOutcome] = useState<BatchDone>();
  const chosen = rows.filter(({ id }) => choice.ids.has(id));

  const onDone = (done: BatchDone) => {
    choice.clear();
    setOutcome(done.failed.length > 0 ? done : undefined);
    if (done.failed.length === 0) say(words[done.what](done.all), words[`${done.what}Hint`]);
  };
  return (
    <>
      <PageHead title={words.title} sub={words.subs[side]} actions={<UploadTracking />} />
      {outcome && (
        <div className={css['outcome']}>
          <Outcome
            title={words[`${outcome.what}Some`](outcome.all - outcome.failed.length, outcome.all)}
            failed={outcome.failed}
            actions={
              <Button size="small" onClick={() => setOutcome(undefined)}>
                {words.dismiss}
              </Button>
            }
          />
        </div>
      )}
      <Card isFlush>
        <OrderViews searched={searched} />
        <Filters searched={searched} />
        <Loaded query={list}>
          {() =>
            rows.length === 0 ? (
              <NoOrders searched={searched} />
            ) : (
              // Rows of the list before, until those of this one are here.
              <div className={list.isPlaceholderData ? css['before'] : undefined} aria-busy={list.isPlaceholderData}>
                <OrdersTable rows={rows} choice={choice} side={side} />
                <OrderCards rows={rows} choice={choice} />
              </div>
            )
          }
        </Loaded>
        <Pagination query={list} />
      </Card>
      {chosen.length > 0 && <BulkBar rows={chosen} onClear={choice.clear} onDone={onDone} />}
    </>
  );
}
