import { useQuery } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { buyLabel, rateParcel } from '../../api/commands/labels.ts';
import { labelAccountsQuery } from '../../api/queries/label-accounts.ts';
import type { Quote, Rating } from '../../api/queries/labels.ts';
import type { OrderDetail } from '../../api/queries/orders.ts';
import { useCommand } from '../../api/use-command.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { useIntentKey } from '../../lib/intents.ts';
import { useAccountId } from '../../lib/account-id.ts';
import { money } from '../../lib/format.ts';
import { useWords } from '../../words/use-words.tsx';
import { merchantOf, sumOf } from '../order/rules.ts';
import { BoughtLabel } from './bought-label.tsx';
import { contentOf, draftOf, gramsIn, rememberBox, unweighed } from './parcel-draft.ts';
import type { PackedLine, ParcelDraft, ParcelFault } from './parcel-draft.ts';
import { ParcelFields } from './parcel-fields.tsx';
import { Quotes } from './quotes.tsx';
import { Refused } from './refused.tsx';
import css from './labels.module.css';

interface BuyLabelProps {
  readonly order: OrderDetail;
  /** What lies in the parcel. */
  readonly lines: readonly PackedLine[];
  readonly isReturn?: boolean;
  /** @param isBought a label was ordered; it may still be on its way */
  readonly onClose: (isBought: boolean) => void;
}

/** The parcel, then what the carriers offer for it, then the label. */
export function BuyLabel({ order, lines, isReturn = false, onClose }: BuyLabelProps) {
  const words = useWords().labels.buy;
  const [labelId, setLabelId] = useState<string>();
  const [packed] = useState(lines);
  if (labelId !== undefined) return <BoughtLabel id={labelId} onClose={() => onClose(true)} />;
  const leave = () => onClose(false);
  return (
    <Dialog
      isOpen
      isWide
      onClose={leave}
      title={isReturn ? words.returnTitle : words.title(sumOf(packed, ({ quantity }) => quantity))}
      description={isReturn ? words.returnText : words.text}
    >
      <Choosing order={order} lines={packed} isReturn={isReturn} onBought={setLabelId} onClose={leave} />
    </Dialog>
  );
}

interface ChoosingProps extends Pick<BuyLabelProps, 'order' | 'lines'> {
  readonly isReturn: boolean;
  readonly onBought: (labelId: string) => void;
  readonly onClose: () => void;
}

function Choosing({ order, lines, isReturn, onBought, onClose }: ChoosingProps) {
  const words = useWords().labels.buy;
  const merchant = merchantOf(order);
  const rate = useCommand(rateParcel);
  const buy = useCommand(buyLabel);
  const key = useIntentKey();
  const usual = useUsualAccount(merchant);
  const [draft, setDraft] = useState(() => draftOf(order, lines));
  const [fault, setFault] = useState<ParcelFault>();
  // It belongs to this parcel: once something of it changes, it is asked for again.
  const [offered, setOffered] = useState<Rating>();
  const [chosen, choose] = useState<Quote>();

  const change = (next: ParcelDraft) => {
    setDraft(next);
    setFault(undefined);
    setOffered(undefined);
  };
  const ask = async () => {
    const account = draft.account === '' ? usual : draft.account;
    const content = contentOf({ ...draft, account }, { lines, currency: order.currency });
    setFault(typeof content === 'string' ? content : undefined);
    if (typeof content === 'string') return;
    buy.reset();
    rememberBox(content.parcel);
    const { data } = await rate.run({ id: order.id, body: { ...content, isReturn } });
    setOffered(data);
    choose(data?.quotes[0]);
  };
  const purchase = async ({ id: quoteId, cost }: Quote) => {
    const body = { quoteId, ...(cost && { maxCost: cost }) };
    const { data, error } = await buy.run({ id: order.id, key: key.current(), isReturn, body });
    if (data) return onBought(data.id);
    key.refused(error);
    // What was offered does not hold any more.
    if (error.code === 'rate_expired' || error.code === 'rate_changed') setOffered(undefined);
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (rate.isBusy || buy.isBusy) return;
    void (offered && chosen ? purchase(chosen) : ask());
  };

  const grams = gramsIn(order, lines);
  const unknown = unweighed(order, lines);
  const weightHint =
    unknown.length > 0 ? words.unweighed(unknown.join(', ')) : grams > 0 ? words.fromProducts : undefined;
  return (
    <form className="stack" onSubmit={submit} noValidate>
      <ParcelFields
        draft={draft}
        fault={fault}
        currency={order.currency}
        merchant={merchant}
        isReturn={isReturn}
        weightHint={weightHint}
        onChange={change}
      />
      {offered && (
        <Quotes
          rating={offered}
          chosen={chosen}
          merchant={merchant ?? ''}
          onChoose={(quote) => {
            key.renew();
            choose(quote);
          }}
        />
      )}
      <Refused error={buy.error ?? rate.error} />
      <div className={css['actions']}>
        <Button onClick={onClose}>{words.cancel}</Button>
        {offered && chosen ? (
          <Button type="submit" look="primary" isBusy={buy.isBusy}>
            {chosen.cost ? words.confirmFor(money(chosen.cost)) : words.confirm}
          </Button>
        ) : (
          <Button type="submit" look="primary" isBusy={rate.isBusy}>
            {rate.isBusy ? words.asking : words.show}
          </Button>
        )}
      </div>
    </form>
  );
}

/** Of several own accounts the first. A merchant's order goes as it is agreed, unless a person chooses. */
function useUsualAccount(merchant: string | undefined): string {
  const account = useAccountId();
  const { data } = useQuery(labelAccountsQuery(account));
  return merchant === undefined ? (data?.data[0]?.id ?? '') : '';
}
