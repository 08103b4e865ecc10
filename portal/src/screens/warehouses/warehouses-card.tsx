import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { warehousesQuery, type Warehouse } from '../../api/queries/stock.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Loaded, Skeleton } from '../../components/states.tsx';
import { useAccount } from '../../lib/use-account.ts';
import { useWords } from '../../words/use-words.tsx';
import { addressLines } from '../order/address.ts';
import { AddressDialog } from './address-dialog.tsx';
import css from './warehouses.module.css';

/** The own warehouses with their addresses. A supplier's is the supplier's own. */
export function WarehousesCard() {
  const words = useWords().labels.warehouses;
  const { id: account } = useAccount();
  const query = useQuery(warehousesQuery(account));
  return (
    <Card isFlush title={words.title}>
      <p className={css['intro']}>{words.text}</p>
      <Loaded query={query} skeleton={<Skeleton rows={2} />}>
        {({ data }) => (
          <ul>
            {data
              .filter(({ supplierId }) => supplierId === null)
              .map((warehouse) => (
                <Shown key={warehouse.id} warehouse={warehouse} />
              ))}
          </ul>
        )}
      </Loaded>
    </Card>
  );
}

function Shown({ warehouse }: { readonly warehouse: Warehouse }) {
  const words = useWords().labels.warehouses;
  const { may } = useAccount();
  const [isEditing, setEditing] = useState(false);
  const { name, address } = warehouse;
  return (
    <li className={css['warehouse']}>
      <div>
        <b>{name}</b>
        {address ? (
          <address>{addressLines(address).join(', ')}</address>
        ) : (
          <p className={css['missing']}>{words.none}</p>
        )}
      </div>
      {may('write') && (
        <Button size="small" aria-label={words.editOf(name)} onClick={() => setEditing(true)}>
          {words.edit}
        </Button>
      )}
      {isEditing && <AddressDialog warehouse={warehouse} onClose={() => setEditing(false)} />}
    </li>
  );
}
