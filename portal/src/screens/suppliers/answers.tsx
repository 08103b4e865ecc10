import { useState } from 'react';
import type { Connection, Invitation } from '../../../../clients/typescript/src/index.ts';
import { answerConnection, withdrawInvitation } from '../../api/commands/suppliers.ts';
import { useCommand } from '../../api/use-command.ts';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { useToasts } from '../../components/toast.tsx';
import { useAccount } from '../../lib/use-account.ts';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import css from './supplier.module.css';

/** Who is on the other side of a connection. */
export type OtherSide = 'suppliers' | 'merchants';

interface ProposalProps {
  readonly connection: Connection;
  readonly side: OtherSide;
}

/** Accept and Decline, where the other side proposed the connection. */
export function Proposal({ connection, side }: ProposalProps) {
  const words = useWords()[side];
  const { id: account, may } = useAccount();
  const { say, complain } = useToasts();
  const messageOf = useMessage();
  const answer = useCommand(answerConnection);
  const [isDeclining, setDeclining] = useState(false);
  if (connection.status !== 'pending' || connection.proposedBy === account || !may('admin')) return null;
  const { id } = connection;
  const name = side === 'suppliers' ? connection.supplierName : connection.merchantName;
  const accept = async () => {
    const { error } = await answer.run({ id, accepts: true });
    if (error) complain(messageOf(error) ?? '');
    else say(words.accepted(name));
  };
  const decline = async () => {
    const { error } = await answer.run({ id, accepts: false });
    if (!error) setDeclining(false);
  };
  return (
    <div className={css['answers']}>
      <Button size="small" aria-label={words.declineName(name)} onClick={() => setDeclining(true)}>
        {words.decline}
      </Button>
      <Button
        size="small"
        look="primary"
        aria-label={words.acceptName(name)}
        isBusy={answer.isBusy}
        onClick={() => void accept()}
      >
        {words.accept}
      </Button>
      <ConfirmDialog
        isOpen={isDeclining}
        onClose={() => setDeclining(false)}
        title={words.declineTitle(name)}
        description={words.declineText(name)}
        confirm={words.declineConfirm}
        cancel={words.declineCancel}
        look="danger"
        isBusy={answer.isBusy}
        error={messageOf(answer.error)}
        onConfirm={() => void decline()}
      />
    </div>
  );
}

interface WithdrawProps {
  readonly invitation: Invitation;
  readonly side: OtherSide;
}

export function Withdraw({ invitation: { id, email }, side }: WithdrawProps) {
  const words = useWords()[side];
  const { say, complain } = useToasts();
  const messageOf = useMessage();
  const withdraw = useCommand(withdrawInvitation);
  const press = async () => {
    const { error } = await withdraw.run(id);
    if (error) complain(messageOf(error) ?? '');
    else say(words.withdrawn);
  };
  return (
    <div className={css['answers']}>
      <Button
        size="small"
        look="quiet"
        aria-label={words.withdrawName(email)}
        isBusy={withdraw.isBusy}
        onClick={() => void press()}
      >
        {words.withdraw}
      </Button>
    </div>
  );
}
