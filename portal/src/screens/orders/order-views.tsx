import { useQuery } from '@tanstack/react-query';
import { summaryQuery } from '../../api/queries/summary.ts';
import { Tab, Tabs } from '../../components/tabs.tsx';
import { useAccount } from '../../lib/use-account.ts';
import { useWords } from '../../words/use-words.tsx';
import { orderViews, type OrderView } from '../search.ts';
import { countOf, type Searched } from './views.ts';

const alarms: ReadonlySet<OrderView> = new Set(['attention', 'cancel-requested', 'late']);
/** Views that are there only while something is in them. */
const rare: ReadonlySet<OrderView> = new Set(['cancel-requested', 'late']);

/** The views of the queue, with how many orders are in each. */
export function OrderViews({ searched }: { readonly searched: Searched }) {
  const { id: account, sells } = useAccount();
  const words = useWords().orders.views;
  const { data: summary } = useQuery(summaryQuery(account));
  const { view: current = 'to-ship', sort: _, ...others } = searched;
  const sides = [
    searched.side === 'supplying' ? null : summary?.selling,
    searched.side === 'selling' ? null : summary?.supplying,
  ];
  const isThere = (view: OrderView) =>
    view === current || ((view !== 'with-suppliers' || sells) && (!rare.has(view) || (countOf(view, sides) ?? 0) > 0));
  return (
    <Tabs label={words.label}>
      {orderViews.filter(isThere).map((view) => (
        <Tab
          key={view}
          to="/$account/orders"
          params={{ account }}
          search={view === 'to-ship' ? others : { ...others, view }}
          isCurrent={view === current}
          count={countOf(view, sides)}
          isAlarm={alarms.has(view)}
        >
          {words[view]}
        </Tab>
      ))}
    </Tabs>
  );
}
