import type { OrderBadge } from '../../api/queries/orders.ts';
import { Badge, type Tone } from '../../components/badge.tsx';
import { useWords } from '../../words/use-words.tsx';

const tones: Readonly<Record<OrderBadge, Tone>> = {
  attention: 'red',
  cancel_requested: 'red',
  with_supplier: 'violet',
  accepted: 'violet',
  to_ship: 'blue',
  partly_shipped: 'amber',
  shipped: 'green',
  cancelled: 'grey',
};

/** The one word of an order. */
export function StatusBadge({ badge }: { readonly badge: OrderBadge }) {
  const words = useWords().status;
  return <Badge tone={tones[badge]}>{words[badge]}</Badge>;
}
