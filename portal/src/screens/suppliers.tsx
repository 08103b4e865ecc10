import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Connection, Supplier } from '../../../clients/typescript/src/index.ts';
import { suppliersQuery } from '../api/queries/suppliers.ts';
import { cell } from '../components/table.tsx';
import { useAccount } from '../lib/use-account.ts';
import { useWords } from '../words/use-words.tsx';
import { Partners } from './suppliers/partners.tsx';

/** The companies that ship for this account. */
export function SuppliersScreen() {
  const words = useWords().suppliers;
  const { id: account } = useAccount();
  const { data: suppliers } = useQuery(suppliersQuery(account));
  // Of a connection that is proposed or being set up there is none yet.
  const supplierOf = ({ id }: Connection) => suppliers?.data.find(({ connectionId }) => connectionId === id);
  return (
    <Partners
      side="suppliers"
      nameOf={(connection) => <Name connection={connection} supplier={supplierOf(connection)} />}
      isSettingUp={(connection) => connection.status === 'active' && !supplierOf(connection)}
      also={{ title: words.columns.sees, of: (connection) => <Sees supplier={supplierOf(connection)} /> }}
    />
  );
}

interface RowProps {
  readonly connection: Connection;
  readonly supplier: Supplier | undefined;
}

function Name({ connection, supplier }: RowProps) {
  const { id: account } = useAccount();
  if (!supplier) return <b>{connection.supplierName}</b>;
  return (
    <Link className={cell.key} to="/$account/suppliers/$supplier" params={{ account, supplier: supplier.id }}>
      {supplier.name}
    </Link>
  );
}

function Sees({ supplier }: Pick<RowProps, 'supplier'>) {
  const words = useWords().suppliers;
  if (!supplier) return null;
  if (supplier.sharedFields.length === 0) return <span className="muted">{words.onlyBasics}</span>;
  return supplier.sharedFields.map((field) => words.shared.fields[field]).join(', ');
}
