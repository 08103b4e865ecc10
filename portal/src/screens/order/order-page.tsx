import { Link } from '@tanstack/react-router';
import { lazy, Suspense, useRef, useState } from 'react';
import type { OrderDetail } from '../../api/queries/orders.ts';
import { BackLink, PageHead } from '../../components/page-head.tsx';
import { dateTime } from '../../lib/format.ts';
import { useAccount } from '../../lib/use-account.ts';
import { useWords } from '../../words/use-words.tsx';
import type { PackedLine } from '../labels/parcel-draft.ts';
import { StatusBadge } from '../orders/status-badge.tsx';
import { Address, CustomerNote, Details, OrderTimeline } from './aside.tsx';
import { Banners } from './banners.tsx';
import { Items } from './lines.tsx';
import { MerchantActions, MerchantPanels } from './merchant-panels.tsx';
import { NextToShip } from './next-to-ship.tsx';
import { OrderActions } from './order-actions.tsx';
import { Parts } from './parts.tsx';
import { allows, merchantOf } from './rules.ts';
import { ShipForm } from './ship-form.tsx';
import { Shipments } from './shipments.tsx';
import css from './order.module.css';

// Loaded when they are wanted: an order may have no label.
const BuyLabel = lazy(async () => ({ default: (await import('../labels/buy-label.tsx')).BuyLabel }));
const LabelList = lazy(async () => ({ default: (await import('../labels/label-list.tsx')).LabelList }));

/** An order, for who ships it and for who sold it. */
export function OrderPage({ order }: { readonly order: OrderDetail }) {
  const { id: account, may } = useAccount();
  const words = useWords().order;
  const tracking = useRef<HTMLInputElement>(null);
  const [hasShipped, setShipped] = useState(false);
  const [packed, setPacked] = useState<readonly PackedLine[]>();
  const mayShip = may('ship') && allows(order, 'ship');
  const isShipped = order.badge === 'shipped' && order.shipments.length > 0;
  return (
    <>
      <PageHead
        back={
          <BackLink to="/$account/orders" params={{ account }}>
            {words.back}
          </BackLink>
        }
        title={order.number}
        badge={<StatusBadge badge={order.badge} />}
        sub={<From order={order} />}
        actions={
          <>
            <OrderActions order={order} />
            <MerchantActions order={order} />
          </>
        }
      />
      <div className={css['grid']}>
        <div className="stack">
          <Banners order={order} />
          <MerchantPanels order={order} />
          {mayShip ? (
            <ShipForm
              key={order.shipments.length}
              order={order}
              tracking={tracking}
              onShipped={() => setShipped(true)}
              onBuyLabel={setPacked}
            />
          ) : (
            <Items lines={order.lines} />
          )}
          {order.children.length > 0 && <Parts rows={order.children} />}
          {may('ship') && <NextToShip order={order} isShown={isShipped && !mayShip} takesFocus={hasShipped} />}
          <Suspense>
            {order.labels.length > 0 && <LabelList order={order} />}
            {packed && (
              <BuyLabel
                order={order}
                lines={packed}
                onClose={(isBought) => {
                  setPacked(undefined);
                  if (isBought) setShipped(true);
                }}
              />
            )}
          </Suspense>
          <Shipments order={order} />
        </div>
        <div className="stack">
          <Address order={order} />
          <CustomerNote order={order} />
          <Details order={order} />
          <OrderTimeline id={order.id} />
        </div>
      </div>
    </>
  );
}

function From({ order }: { readonly order: OrderDetail }) {
  const { id: account } = useAccount();
  const words = useWords().order;
  const merchant = merchantOf(order);
  const when = dateTime(order.placedAt);
  return (
    <>
      {merchant === undefined ? words.of(order.channelName, when) : words.from(merchant, when)}
      {order.parent && (
        <>
          {' · '}
          {words.partOf}{' '}
          <Link className="link" to="/$account/orders/$order" params={{ account, order: order.parent.id }}>
            {order.parent.number}
          </Link>
        </>
      )}
    </>
  );
}
