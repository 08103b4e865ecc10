import { acceptOrder } from '../../api/commands/supplier-response.ts';
import type { OrderDetail } from '../../api/queries/orders.ts';
import { useCommand } from '../../api/use-command.ts';
import { useToasts } from '../../components/toast.tsx';
import { day } from '../../lib/format.ts';
import { newKey } from '../../lib/intents.ts';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import { Accept } from './accept.tsx';
import { merchantOf } from './rules.ts';

export function AcceptOrder({ order }: { readonly order: OrderDetail }) {
  const words = useWords();
  const messageOf = useMessage();
  const { say, complain } = useToasts();
  const accept = useCommand(acceptOrder);
  const merchant = merchantOf(order) ?? words.frame.merchant;
  const run = async (expectedShipAt?: string) => {
    const { done, doneFor, doneBy, failed } = words.order.accept;
    const body = { ...(expectedShipAt !== undefined && { expectedShipAt }) };
    const { error } = await accept.run({ id: order.id, key: newKey(), body });
    if (error) complain(failed, messageOf(error));
    else say(done, expectedShipAt === undefined ? doneFor(merchant) : doneBy(merchant, day(expectedShipAt)));
  };
  return (
    <Accept
      merchant={merchant}
      isBusy={accept.isBusy}
      isAccepted={order.origin?.acceptedAt !== undefined}
      onAccept={(expectedShipAt) => void run(expectedShipAt)}
    />
  );
}
