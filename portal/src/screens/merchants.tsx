import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Cable, Plus } from 'lucide-react';
import { useState } from 'react';
import type { Connection, Invitation } from '../../../clients/typescript/src/index.ts';
import { connectionsQuery, invitationsQuery } from '../api/queries/suppliers.ts';
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

/** The companies that this account ships for: connected, proposed, invited. */
export function MerchantsScreen() {
  const words = useWords().merchants;
  const { id: account, may } = useAccount();
  const isAdmin = may('admin');
  const connections = useQuery(connectionsQuery(account));
  const invitations = useQuery({ ...invitationsQuery(account), enabled: isAdmin });
  const [isInviting, setInviting] = useState(false);
  const invited = (invitations.data?.data ?? []).filter(
    ({ kind, status }) => kind === 'merchant' && (status === 'pending' || status === 'expired'),
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
          {({ data }) => {
            const rows = data.filter(({ supplierAccountId }) => supplierAccountId === account);
            if (rows.length + invited.length > 0) return <MerchantList rows={rows} invited={invited} />;
            return (
              <Empty icon={<Cable size={22} aria-hidden />} title={words.empty} action={invite}>
                {words.emptyHint}
              </Empty>
            );
          }}
        </Loaded>
      </Card>
      {isInviting && <InviteDialog side="merchants" onClose={() => setInviting(false)} />}
    </>
  );
}

interface ListProps {
  readonly rows: readonly Connection[];
  readonly invited: readonly Invitation[];
}

function MerchantList({ rows, invited }: ListProps) {
  const words = useWords().merchants;
  return (
    <>
      <Table label={words.title} hasCards>
        <thead>
          <tr>
            <th scope="col">{words.columns.name}</th>
            <th scope="col">{words.columns.since}</th>
            <th scope="col">{words.columns.status}</th>
            <th scope="col">
              <span className="visually-hidden">{words.columns.actions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((connection) => (
            <tr key={connection.id}>
              <th scope="row">
                <Two main={<Name connection={connection} />} sub={<Waiting connection={connection} />} />
              </th>
              <td>{connection.activatedAt !== null && date(connection.activatedAt)}</td>
              <td>
                <Status connection={connection} />
              </td>
              <td className={cell.end}>
                <Proposal connection={connection} side="merchants" />
              </td>
            </tr>
          ))}
          {invited.map((invitation) => (
            <tr key={invitation.id}>
              <th scope="row">
                <Two main={invitation.email} sub={<Until invitation={invitation} />} />
              </th>
              <td />
              <td>
                <Badge>{words.status.invited}</Badge>
              </td>
              <td className={cell.end}>
                <Withdraw invitation={invitation} side="merchants" />
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
      <MerchantCards rows={rows} invited={invited} />
    </>
  );
}

function MerchantCards({ rows, invited }: ListProps) {
  const words = useWords().merchants;
  return (
    <Cards label={words.title}>
      {rows.map((connection) => (
        <li key={connection.id}>
          <Name connection={connection} />
          <Status connection={connection} />
          <p>
            <Waiting connection={connection} />
          </p>
          <Proposal connection={connection} side="merchants" />
        </li>
      ))}
      {invited.map((invitation) => (
        <li key={invitation.id}>
          <b>{invitation.email}</b>
          <Badge>{words.status.invited}</Badge>
          <p>
            <Until invitation={invitation} />
          </p>
          <Withdraw invitation={invitation} side="merchants" />
        </li>
      ))}
    </Cards>
  );
}

interface RowProps {
  readonly connection: Connection;
}

function Name({ connection: { id, status, merchantName } }: RowProps) {
  const { id: account } = useAccount();
  // Its buttons are in the row.
  if (status === 'pending') return <b>{merchantName}</b>;
  return (
    <Link className={cell.key} to="/$account/merchants/$merchant" params={{ account, merchant: id }}>
      {merchantName}
    </Link>
  );
}

function Status({ connection: { status, setUpAt } }: RowProps) {
  const words = useWords().merchants.status;
  const isSettingUp = status === 'active' && setUpAt === null;
  return <Badge tone={toneOf(status)}>{isSettingUp ? words.settingUp : words[status]}</Badge>;
}

function Waiting({ connection: { status, proposedBy, merchantName } }: RowProps) {
  const words = useWords().merchants;
  const { id: account } = useAccount();
  if (status !== 'pending') return null;
  return proposedBy === account ? words.proposedByYou : words.proposedByThem(merchantName);
}

function Until({ invitation }: { readonly invitation: Invitation }) {
  const words = useWords().merchants;
  return invitation.status === 'expired' ? words.expired : words.invitedUntil(date(invitation.expiresAt));
}
