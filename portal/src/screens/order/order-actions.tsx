import { useRouter } from '@tanstack/react-router';
import { Ban, Printer } from 'lucide-react';
import { useState } from 'react';
import type { OrderDetail } from '../../api/queries/orders.ts';
import { Button, ButtonLink } from '../../components/button.tsx';
import { useShortcuts } from '../../lib/keys.ts';
import { useAccount } from '../../lib/use-account.ts';
import { useWords } from '../../words/use-words.tsx';
import { AcceptOrder } from './accept-order.tsx';
import { RejectOrder } from './reject-order.tsx';
import { allows } from './rules.ts';

/** What is done with the order as a whole. What a person must look at first takes Accept away. */
export function OrderActions({ order }: { readonly order: OrderDetail }) {
  const { id: account, may } = useAccount();
  const words = useWords().order;
  const router = useRouter();
  const [isRejecting, setRejecting] = useState(false);
  const slips = { to: '/$account/slips', params: { account }, search: { orders: order.id } } as const;
  useShortcuts({ p: () => void window.open(router.buildLocation(slips).href, '_blank', 'noopener') });
  const isCalm = order.cancelRequestedAt === null && order.attention === null;
  return (
    <>
      <ButtonLink {...slips} target="_blank">
        <Printer size={16} aria-hidden />
        {words.slip}
      </ButtonLink>
      {may('ship') && allows(order, 'reject') && (
        <Button look="danger" onClick={() => setRejecting(true)}>
          <Ban size={16} aria-hidden />
          {words.reject.action}
        </Button>
      )}
      {may('ship') && isCalm && allows(order, 'accept') && <AcceptOrder order={order} />}
      <RejectOrder order={order} isOpen={isRejecting} onClose={() => setRejecting(false)} />
    </>
  );
}
