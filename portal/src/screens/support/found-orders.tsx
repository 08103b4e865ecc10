import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { SearchX } from 'lucide-react';
import { sessionQuery } from '../../api/queries/session.ts';
import { foundOrdersQuery, type FoundOrder } from '../../api/queries/support.ts';
import { Badge } from '../../components/badge.tsx';
import { Card } from '../../components/card.tsx';
import { Empty, Loaded, Skeleton } from '../../components/states.tsx';
import { Cards, cell, Table } from '../../components/table.tsx';
import { useWords } from '../../words/use-words.tsx';
import { causeOf } from '../attention/causes.ts';
import { WorkflowLink } from './workflow-link.tsx';

/** The orders with a number, whosesoever they are: an order and what its supplier has are two. */
export function FoundOrders({ q }: { readonly q: string }) {
  const words = useWords().support;
  const query = useQuery(foundOrdersQuery(q));
  return (
    <Card title={words.found(q)} isFlush>
      <Loaded query={query} skeleton={<Skeleton rows={2} />}>
        {({ data }) =>
          data.length === 0 ? (
            <Empty icon={<SearchX size={22} aria-hidden />} title={words.noneFound(q)}>
              {words.noneFoundHint}
            </Empty>
          ) : (
            <Orders label={words.found(q)} orders={data} />
          )
        }
      </Loaded>
    </Card>
  );
}

function Orders({ label, orders }: { readonly label: string; readonly orders: readonly FoundOrder[] }) {
  const words = useWords().support;
  return (
    <>
      <Table label={label} hasCards>
        <thead>
          <tr>
            <th scope="col">{words.columns.order}</th>
            <th scope="col">{words.columns.account}</th>
            <th scope="col">{words.columns.status}</th>
            <th scope="col">{words.columns.cause}</th>
            <th scope="col">{words.columns.workflow}</th>
          </tr>
        </thead>
        <tbody>
          {orders.map((order) => (
            <tr key={order.orderId}>
              <th scope="row">
                <OrderName order={order} />
              </th>
              <td>{order.accountName}</td>
              <td>
                <Badge tone="blue">{words.statuses[order.status]}</Badge>
              </td>
              <td>
                <Why order={order} />
              </td>
              <td>{order.workflowUrl !== null && <WorkflowLink url={order.workflowUrl} subject={order.number} />}</td>
            </tr>
          ))}
        </tbody>
      </Table>
      <Cards label={label}>
        {orders.map((order) => (
          <li key={order.orderId}>
            <OrderName order={order} />
            <Badge tone="blue">{words.statuses[order.status]}</Badge>
            <p>{order.accountName}</p>
            <p>
              <Why order={order} />
            </p>
            {order.workflowUrl !== null && <WorkflowLink url={order.workflowUrl} subject={order.number} />}
          </li>
        ))}
      </Cards>
    </>
  );
}

/** A link where the person belongs to the account: staff see no order's page by being staff. */
function OrderName({ order: { accountId, orderId, number } }: { readonly order: FoundOrder }) {
  const { data: session } = useQuery(sessionQuery);
  if (!session?.accounts.some(({ id }) => id === accountId)) return <b>{number}</b>;
  return (
    <Link className={cell.key} to="/$account/orders/$order" params={{ account: accountId, order: orderId }}>
      {number}
    </Link>
  );
}

function Why({ order: { attention } }: { readonly order: FoundOrder }) {
  const { attention: words, common } = useWords();
  if (attention === null) return <span className="muted">{common.none}</span>;
  return <Badge tone="red">{causeOf(attention, words)}</Badge>;
}
