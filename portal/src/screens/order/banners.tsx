import type { OrderDetail } from '../../api/queries/orders.ts';
import { Banner } from '../../components/banner.tsx';
import { ButtonLink } from '../../components/button.tsx';
import { ago } from '../../lib/format.ts';
import { useAccountId } from '../../lib/account-id.ts';
import { useWords } from '../../words/use-words.tsx';
import { hintOf } from '../attention/causes.ts';
import { CancelAnswer } from './cancel-answer.tsx';
import { merchantOf, openUnits, sumOf } from './rules.ts';

/** What a person must look at, above everything else. */
export function Banners({ order }: { readonly order: OrderDetail }) {
  return (
    <>
      <AttentionBanner order={order} />
      {order.cancelRequestedAt !== null && <CancelBanner order={order} asked={order.cancelRequestedAt} />}
      {order.cancelRequestedAt === null && order.cancelDeclined && (
        <DeclinedBanner order={order} declined={order.cancelDeclined} />
      )}
    </>
  );
}

function AttentionBanner({ order: { attention, number } }: { readonly order: OrderDetail }) {
  const account = useAccountId();
  const words = useWords();
  if (!attention) return null;
  return (
    <Banner
      title={hintOf(attention, words.attention)}
      actions={
        <ButtonLink size="small" to="/$account/attention" params={{ account }} search={{ q: number }}>
          {words.order.attention.decide}
        </ButtonLink>
      }
    >
      {words.order.attention.since(ago(attention.since))}
    </Banner>
  );
}

function CancelBanner({ order, asked }: { readonly order: OrderDetail; readonly asked: string }) {
  const words = useWords();
  const { cancel } = words.order;
  const units = sumOf(order.lines, ({ cancelRequested }) => cancelRequested);
  if (order.side === 'selling')
    return (
      <Banner title={cancel.youAsked(order.counterpart?.name ?? words.frame.supplier, units)}>
        {cancel.youAskedHint(ago(asked))}
      </Banner>
    );
  const merchant = merchantOf(order) ?? words.frame.merchant;
  const isAll = units === sumOf(order.lines, openUnits);
  return (
    <Banner
      tone="red"
      title={isAll ? cancel.asksAll(merchant) : cancel.asksSome(merchant, units)}
      actions={<CancelAnswer order={order} units={units} merchant={merchant} />}
    >
      {cancel.asked(ago(asked))}
    </Banner>
  );
}

interface DeclinedProps {
  readonly order: OrderDetail;
  readonly declined: NonNullable<OrderDetail['cancelDeclined']>;
}

function DeclinedBanner({ order, declined: { at, reason } }: DeclinedProps) {
  const words = useWords();
  const { cancel } = words.order;
  const supplier = order.counterpart?.name ?? words.frame.supplier;
  const title = order.side === 'selling' ? cancel.theyDeclined(supplier, ago(at)) : cancel.youDeclined(ago(at));
  return (
    <Banner tone="blue" title={title}>
      {cancel.declineReasons[reason]}
    </Banner>
  );
}
