import { useQuery } from '@tanstack/react-query';
import { Cable, Plus } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import type { Connection, Invitation } from '../../../../clients/typescript/src/index.ts';
import { connectionsQuery, invitationsQuery } from '../../api/queries/suppliers.ts';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { PageHead } from '../../components/page-head.tsx';
import { Empty, Loaded } from '../../components/states.tsx';
import { Cards, cell, Table, Two } from '../../components/table.tsx';
import { date } from '../../lib/format.ts';
import { useAccount } from '../../lib/use-account.ts';
import { useWords } from '../../words/use-words.tsx';
import { openOf } from '../invitations/open.ts';
import { Proposal, Withdraw, type OtherSide } from './answers.tsx';
import { InviteDialog } from './invite.tsx';
import { toneOf } from './status.ts';

/** How a page of partners shows a connection. */
interface Shown {
  readonly side: OtherSide;
  /** A link to the partner's page, where there is one. */
  readonly nameOf: (connection: Connection) => ReactNode;
  /** Accepted, and not ready on both sides yet. */
  readonly isSettingUp: (connection: Connection) => boolean;
  /** One more column. */
  readonly also?: { readonly title: string; readonly of: (connection: Connection) => ReactNode };
}

/** The companies on the other side of the account: connected, proposed, invited. */
export function Partners(shown: Shown) {
  const { side } = shown;
  const words = useWords()[side];
  const { id: account, may } = useAccount();
  const isAdmin = may('admin');
  const connections = useQuery(connectionsQuery(account));
  const invitations = useQuery({ ...invitationsQuery(account), enabled: isAdmin });
  const [isInviting, setInviting] = useState(false);
  const invited = openOf(side === 'suppliers' ? 'supplier' : 'merchant', invitations.data?.data);
  const isOurs = ({ merchantAccountId, supplierAccountId }: Connection) =>
    account === (side === 'suppliers' ? merchantAccountId : supplierAccountId);
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
            const rows = data.filter(isOurs);
            if (rows.length + invited.length > 0) return <List {...shown} rows={rows} invited={invited} />;
            return (
              <Empty icon={<Cable size={22} aria-hidden />} title={words.empty} action={invite}>
                {words.emptyHint}
              </Empty>
            );
          }}
        </Loaded>
      </Card>
      {isInviting && <InviteDialog side={side} onClose={() => setInviting(false)} />}
    </>
  );
}

interface ListProps extends Shown {
  readonly rows: readonly Connection[];
  readonly invited: readonly Invitation[];
}

function List({ rows, invited, ...shown }: ListProps) {
  const { side, nameOf, also } = shown;
  const words = useWords()[side];
  return (
    <>
      <Table label={words.title} hasCards>
        <thead>
          <tr>
            <th scope="col">{words.columns.name}</th>
            <th scope="col">{words.columns.since}</th>
            {also && <th scope="col">{also.title}</th>}
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
                <Two main={nameOf(connection)} sub={<Waiting side={side} connection={connection} />} />
              </th>
              <td>{connection.activatedAt !== null && date(connection.activatedAt)}</td>
              {also && <td>{also.of(connection)}</td>}
              <td>
                <Status {...shown} connection={connection} />
              </td>
              <td className={cell.end}>
                <Proposal connection={connection} side={side} />
              </td>
            </tr>
          ))}
          {invited.map((invitation) => (
            <tr key={invitation.id}>
              <th scope="row">
                <Two main={invitation.email} sub={<Until side={side} invitation={invitation} />} />
              </th>
              <td />
              {also && <td />}
              <td>
                <Badge>{words.status.invited}</Badge>
              </td>
              <td className={cell.end}>
                <Withdraw invitation={invitation} side={side} />
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
      <PartnerCards {...shown} rows={rows} invited={invited} />
    </>
  );
}

function PartnerCards({ rows, invited, ...shown }: ListProps) {
  const { side, nameOf, also } = shown;
  const words = useWords()[side];
  return (
    <Cards label={words.title}>
      {rows.map((connection) => (
        <li key={connection.id}>
          {nameOf(connection)}
          <Status {...shown} connection={connection} />
          <p>
            {connection.status === 'pending' ? <Waiting side={side} connection={connection} /> : also?.of(connection)}
          </p>
          <Proposal connection={connection} side={side} />
        </li>
      ))}
      {invited.map((invitation) => (
        <li key={invitation.id}>
          <b>{invitation.email}</b>
          <Badge>{words.status.invited}</Badge>
          <p>
            <Until side={side} invitation={invitation} />
          </p>
          <Withdraw invitation={invitation} side={side} />
        </li>
      ))}
    </Cards>
  );
}

function Status({ side, isSettingUp, connection }: Shown & { readonly connection: Connection }) {
  const words = useWords()[side].status;
  const text = isSettingUp(connection) ? words.settingUp : words[connection.status];
  return <Badge tone={toneOf(connection.status)}>{text}</Badge>;
}

interface WaitingProps {
  readonly side: OtherSide;
  readonly connection: Connection;
}

function Waiting({ side, connection: { status, proposedBy, supplierName, merchantName } }: WaitingProps) {
  const words = useWords()[side];
  const { id: account } = useAccount();
  if (status !== 'pending') return null;
  const name = side === 'suppliers' ? supplierName : merchantName;
  return proposedBy === account ? words.proposedByYou : words.proposedByThem(name);
}

function Until({ side, invitation }: { readonly side: OtherSide; readonly invitation: Invitation }) {
  const words = useWords()[side];
  return invitation.status === 'expired' ? words.expired : words.invitedUntil(date(invitation.expiresAt));
}
