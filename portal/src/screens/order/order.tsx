import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { orderQuery } from '../../api/queries/orders.ts';
import { Loaded } from '../../components/states.tsx';
import { useAccountId } from '../../lib/account-id.ts';
import { OrderPage } from './order-page.tsx';

export function OrderScreen() {
  const account = useAccountId();
  const { order: id } = useParams({ from: '/$account/orders/$order' });
  const query = useQuery(orderQuery(account, id));
  return <Loaded query={query}>{(order) => <OrderPage key={order.id} order={order} />}</Loaded>;
}
