import { useState } from 'react';
import { inviteMember } from '../../api/commands/people.ts';
import { withdrawInvitation } from '../../api/commands/suppliers.ts';
import type { Invitation } from '../../api/queries/people.ts';
import { useCommand } from '../../api/use-command.ts';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { Cards, cell, Table, Two } from '../../components/table.tsx';
import { useToasts } from '../../components/toast.tsx';
import { date } from '../../lib/format.ts';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import type { Issued } from '../invitations/link-dialog.tsx';
import { useIssued } from './invite.tsx';
import css from './people.module.css';

interface InvitationsProps {
  readonly invitations: readonly Invitation[];
  readonly onLink: (issued: Issued) => void;
}

/** Invitations that nobody has accepted yet; expired ones too, for they may be made again. */
export function Invitations({ invitations, onLink }: InvitationsProps) {
  const words = useWords();
  const { invitations: texts } = words.people;
  const [leaving, setLeaving] = useState<Invitation>();
  return (
    <>
      <Table label={texts.title} hasCards>
        <thead>
          <tr>
            <th scope="col">{texts.columns.email}</th>
            <th scope="col">{texts.columns.role}</th>
            <th scope="col">{texts.columns.state}</th>
            <th scope="col">
              <span className="visually-hidden">{texts.columns.actions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {invitations.map((invitation) => (
            <tr key={invitation.id}>
              <th scope="row">
                <Two main={<b>{invitation.email}</b>} sub={invitation.sentByMail ? texts.mailed : texts.byLink} />
              </th>
              <td>{words.roles[invitation.role]}</td>
              <td>
                <Two main={<State invitation={invitation} />} sub={<Until invitation={invitation} />} />
              </td>
              <td className={cell.end}>
                <Actions invitation={invitation} onLink={onLink} onWithdraw={() => setLeaving(invitation)} />
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
      <Cards label={texts.title}>
        {invitations.map((invitation) => (
          <li key={invitation.id}>
            <b>{invitation.email}</b>
            <State invitation={invitation} />
            <p>
              {words.roles[invitation.role]} · <Until invitation={invitation} />
            </p>
            <p>{invitation.sentByMail ? texts.mailed : texts.byLink}</p>
            <div className={css['cardActions']}>
              <Actions invitation={invitation} onLink={onLink} onWithdraw={() => setLeaving(invitation)} />
            </div>
          </li>
        ))}
      </Cards>
      {leaving && <WithdrawDialog invitation={leaving} onClose={() => setLeaving(undefined)} />}
    </>
  );
}

function State({ invitation: { status } }: { readonly invitation: Invitation }) {
  const words = useWords().people.invitations;
  return status === 'expired' ? <Badge tone="amber">{words.expired}</Badge> : <Badge>{words.pending}</Badge>;
}

function Until({ invitation: { status, expiresAt } }: { readonly invitation: Invitation }) {
  const words = useWords().people.invitations;
  return status === 'expired' ? words.expiredHint : words.until(date(expiresAt));
}

interface ActionsProps {
  readonly invitation: Invitation;
  readonly onLink: (issued: Issued) => void;
  readonly onWithdraw: () => void;
}

function Actions({ invitation: { email, role, sentByMail }, onLink, onWithdraw }: ActionsProps) {
  const words = useWords().people.invitations;
  const { complain } = useToasts();
  const messageOf = useMessage();
  const invite = useCommand(inviteMember);
  const issued = useIssued(onLink);
  const again = async () => {
    const { data, error } = await invite.run({ email, role });
    if (data) issued(data);
    else complain(messageOf(error) ?? '');
  };
  return (
    <div className={css['actions']}>
      <Button
        size="small"
        isBusy={invite.isBusy}
        aria-label={sentByMail ? words.againTo(email) : words.newLinkFor(email)}
        onClick={() => void again()}
      >
        {sentByMail ? words.again : words.newLink}
      </Button>
      <Button size="small" look="quiet" aria-label={words.withdrawName(email)} onClick={onWithdraw}>
        {words.withdraw}
      </Button>
    </div>
  );
}

interface WithdrawProps {
  readonly invitation: Invitation;
  readonly onClose: () => void;
}

function WithdrawDialog({ invitation: { id, email }, onClose }: WithdrawProps) {
  const { withdrawing, withdrawn } = useWords().people.invitations;
  const { say } = useToasts();
  const messageOf = useMessage();
  const withdraw = useCommand(withdrawInvitation);
  const confirm = async () => {
    const { error } = await withdraw.run(id);
    if (error) return;
    say(withdrawn);
    onClose();
  };
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={withdrawing.title(email)}
      description={withdrawing.text}
      confirm={withdrawing.confirm}
      cancel={withdrawing.cancel}
      look="danger"
      isBusy={withdraw.isBusy}
      error={messageOf(withdraw.error)}
      onConfirm={() => void confirm()}
    />
  );
}
