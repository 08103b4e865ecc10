import { Link } from '@tanstack/react-router';
import type { Connection } from '../../../clients/typescript/src/index.ts';
import { cell } from '../components/table.tsx';
import { useAccount } from '../lib/use-account.ts';
import { Partners } from './suppliers/partners.tsx';

/** The companies that this account ships for. */
export const MerchantsScreen = () => (
  <Partners
    side="merchants"
    nameOf={(connection) => <Name connection={connection} />}
    isSettingUp={({ status, setUpAt }) => status === 'active' && setUpAt === null}
  />
);

function Name({ connection: { id, status, merchantName } }: { readonly connection: Connection }) {
  const { id: account } = useAccount();
  // Its buttons are in the row.
  if (status === 'pending') return <b>{merchantName}</b>;
  return (
    <Link className={cell.key} to="/$account/merchants/$merchant" params={{ account, merchant: id }}>
      {merchantName}
    </Link>
  );
}
