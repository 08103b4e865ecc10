import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Cable, Plus } from 'lucide-react';
import { useState } from 'react';
import type { Connection, Invitation, Supplier } from '../../../clients/typescript/src/index.ts';
import { connectionsQuery, invitationsQuery, suppliersQuery } from '../api/queries/suppliers.ts';
import { Badge } from '../components/badge.tsx';
import { Button } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Empty, Loaded } from '../components/states.tsx';
import { Cards, cell, Table, Two } from '../components/table.tsx';
import { date } from '../lib/format.ts';
import { useAccount } from '../lib/use-account.ts';
import { useWords } from '../words/use-words.tsx';
import { Proposal, Withdraw } from './suppliers/answers.tsx';
import { InviteDialog } from './suppliers/invite.tsx';
import { toneOf } from './suppliers/status.ts';

/** A connection whose supplier's entry is made, or not yet: it is proposed, or being set up. */
interface Row {
  readonly connection: Connection;
  readonly supplier: Supplier | undefined;
}

export function SuppliersScreen() {
  const words = useWords().suppliers;
  const { id: account, may } = useAccount();
  const isAdmin = may('admin');
  const connections = useQuery(connectionsQuery(account));
  const suppliers = useQuery(suppliersQuery(account));
  const invitations = useQuery({ ...invitationsQuery(account), enabled: isAdmin });
  const [isInviting, setInviting] = useState(false);
  const rows = rowsOf(account, connections.data?.data, suppliers.data?.data);
  const invited = (invitations.data?.data ?? []).filter(
    ({ kind, status }) => kind === 'supplier' && (status === 'pending' || status === 'expired'),
  );
  const invite = isAdmin && (
    <Button look="primary" onClick={() => setInviting(true)}>
      <Plus size={16} aria-hidden />
      {words.invite}
    </Button>
  );
  return (
    <>
      <PageHead title={words.title} sub={words.sub} actions={invite} />
      <Card isFlush>
        <Loaded query={connections}>
          {() =>
            rows.length + invited.length === 0 ? (
              <Empty icon={<Cable size={22} aria-hidden />} title={words.empty} action={invite}>
                {words.emptyHint}
              </Empty>
            ) : (
              <SupplierList rows={rows} invited={invited} />
            )
          }
        </Loaded>
      </Card>
      {isInviting && <InviteDialog onClose={() => setInviting(false)} />}
    </>
  );
}

function rowsOf(
  account: string,
  connections: readonly Connection[] | undefined = [],
  suppliers: readonly Supplier[] | undefined = [],
): Row[] {
  return connections
    .filter(({ merchantAccountId }) => merchantAccountId === account)
    .map((connection) => ({
      connection,
      supplier: suppliers.find(({ connectionId }) => connectionId === connection.id),
    }));
}

interface ListProps {
  readonly rows: readonly Row[];
  readonly invited: readonly Invitation[];
}

function SupplierList({ rows, invited }: ListProps) {
  const words = useWords().suppliers;
  return (
    <>
      <Table label={words.title} hasCards>
        <thead>
          <tr>
            <th scope="col">{words.columns.name}</th>
            <th scope="col">{words.columns.since}</th>
            <th scope="col">{words.columns.sees}</th>
            <th scope="col">{words.columns.status}</th>
            <th scope="col">
              <span className="visually-hidden">{words.columns.actions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.connection.id}>
              <th scope="row">
                <Two
                  main={<Name row={row} />}
                  sub={row.connection.status === 'pending' && <Waiting connection={row.connection} />}
                />
              </th>
              <td>{row.connection.activatedAt !== null && date(row.connection.activatedAt)}</td>
              <td>
                <Sees supplier={row.supplier} />
              </td>
              <td>
                <Status row={row} />
              </td>
              <td className={cell.end}>
                <Proposal connection={row.connection} />
              </td>
            </tr>
          ))}
          {invited.map((invitation) => (
            <tr key={invitation.id}>
              <th scope="row">
                <Two main={invitation.email} sub={<Until invitation={invitation} />} />
              </th>
              <td />
              <td />
              <td>
                <Badge>{words.status.invited}</Badge>
              </td>
              <td className={cell.end}>
                <Withdraw invitation={invitation} />
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
      <SupplierCards rows={rows} invited={invited} />
    </>
  );
}

function SupplierCards({ rows, invited }: ListProps) {
  const words = useWords().suppliers;
  return (
    <Cards label={words.title}>
      {rows.map((row) => (
        <li key={row.connection.id}>
          <Name row={row} />
          <Status row={row} />
          <p>
            {row.connection.status === 'pending' ? (
              <Waiting connection={row.connection} />
            ) : (
              <Sees supplier={row.supplier} />
            )}
          </p>
          <Proposal connection={row.connection} />
        </li>
      ))}
      {invited.map((invitation) => (
        <li key={invitation.id}>
          <b>{invitation.email}</b>
          <Badge>{words.status.invited}</Badge>
          <p>
            <Until invitation={invitation} />
          </p>
          <Withdraw invitation={invitation} />
        </li>
      ))}
    </Cards>
  );
}

function Name({ row: { connection, supplier } }: { readonly row: Row }) {
  const { id: account } = useAccount();
  if (!supplier) return <b>{connection.supplierName}</b>;
  return (
    <Link className={cell.key} to="/$account/suppliers/$supplier" params={{ account, supplier: supplier.id }}>
      {supplier.name}
    </Link>
  );
}

function Status({ row: { connection, supplier } }: { readonly row: Row }) {
  const words = useWords().suppliers.status;
  const isSettingUp = connection.status === 'active' && !supplier;
  return <Badge tone={toneOf(connection.status)}>{isSettingUp ? words.settingUp : words[connection.status]}</Badge>;
}

function Sees({ supplier }: { readonly supplier: Supplier | undefined }) {
  const words = useWords().suppliers;
  if (!supplier) return null;
  if (supplier.sharedFields.length === 0) return <span className="muted">{words.onlyBasics}</span>;
  return supplier.sharedFields.map((field) => words.shared.fields[field]).join(', ');
}

function Waiting({ connection }: { readonly connection: Connection }) {
  const words = useWords().suppliers;
  const { id: account } = useAccount();
  return connection.proposedBy === account ? words.proposedByYou : words.proposedByThem(connection.supplierName);
}

function Until({ invitation }: { readonly invitation: Invitation }) {
  const words = useWords().suppliers;
  return invitation.status === 'expired' ? words.expired : words.invitedUntil(date(invitation.expiresAt));
}
