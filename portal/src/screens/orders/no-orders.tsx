import { PackageCheck, SearchX } from 'lucide-react';
import { ButtonLink } from '../../components/button.tsx';
import { Empty } from '../../components/states.tsx';
import { useAccount } from '../../lib/use-account.ts';
import { useWords } from '../../words/use-words.tsx';
import type { Searched } from './views.ts';

/** Why no order is here, and the one thing to do. */
export function NoOrders({ searched }: { readonly searched: Searched }) {
  const { id: account, role, sells, supplies, may } = useAccount();
  const words = useWords().orders.empty;
  const { view = 'to-ship', q, channel, supplier } = searched;
  const isFiltered = channel !== undefined || supplier !== undefined;
  const all = (
    <ButtonLink to="/$account/orders" params={{ account }} search={{ view: 'all' }}>
      {words.showAll}
    </ButtonLink>
  );
  if (q !== undefined)
    return (
      <Empty icon={<SearchX size={22} aria-hidden />} title={words.found(q)} action={all}>
        {words.foundHint}
      </Empty>
    );
  if (isFiltered)
    return (
      <Empty title={words.filtered} action={all}>
        {words.filteredHint}
      </Empty>
    );
  const isNew = role !== undefined && !sells && !supplies;
  if (view === 'all' || isNew)
    return supplies && !sells ? (
      <Empty
        title={words.first}
        action={
          <ButtonLink to="/$account/merchants" params={{ account }}>
            {words.toMerchants}
          </ButtonLink>
        }
      >
        {words.firstSupplying}
      </Empty>
    ) : (
      <Empty
        title={words.first}
        action={
          <ButtonLink to="/$account/channels" params={{ account }}>
            {words.toChannels}
          </ButtonLink>
        }
      >
        {words.firstSelling}
      </Empty>
    );
  const isToShip = view === 'to-ship';
  return (
    <Empty icon={<PackageCheck size={22} aria-hidden />} title={isToShip ? words.toShip : words.none} action={all}>
      {!isToShip ? words.noneHint : may('write') ? `${words.toShipHint} ${words.toShipSync}` : words.toShipHint}
    </Empty>
  );
}
