import { useState } from 'react';
import { acceptEdit, dismissEdit } from '../../api/commands/merchant-orders.ts';
import type { OrderDetail } from '../../api/queries/orders.ts';
import { useCommand } from '../../api/use-command.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { Table } from '../../components/table.tsx';
import { useToasts } from '../../components/toast.tsx';
import { ago, count } from '../../lib/format.ts';
import { useIntentKey } from '../../lib/intents.ts';
import { useAccount } from '../../lib/use-account.ts';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import { addressLines } from './address.ts';
import { Note, noteOf, Why } from './reasons.tsx';
import { allows } from './rules.ts';
import css from './merchant.module.css';

type Edit = NonNullable<OrderDetail['pendingEdit']>;

interface EditProps {
  readonly order: OrderDetail;
  readonly edit: Edit;
}

/** An edit of the order in its shop: old and new of each change, and the decision. */
export function PendingEdit({ order, edit }: EditProps) {
  const words = useWords().merchantOrder.edit;
  const { may } = useAccount();
  const refused = order.actions.find(({ action }) => action === 'acceptEdit')?.because;
  const because = refused && known(words.because, refused);
  return (
    <Card title={words.title} isFlush footer={may('write') && <Decision order={order} edit={edit} />}>
      <p className={css['intro']}>
        {words.text(ago(edit.seenAt))}
        {because !== undefined && because !== null && ` ${because}`}
      </p>
      <Table label={words.title}>
        <thead>
          <tr>
            <th scope="col">{words.what}</th>
            <th scope="col">{words.here}</th>
            <th scope="col">{words.inShop}</th>
          </tr>
        </thead>
        <tbody className={css['changes']}>
          {edit.changes.map((change) => (
            <Change key={keyOf(change)} change={change} />
          ))}
        </tbody>
      </Table>
    </Card>
  );
}

const known = (sentences: Readonly<Record<string, string>>, code: string): string | undefined => sentences[code];

type Changed = Edit['changes'][number];

const keyOf = (change: Changed): string => ('remoteLineId' in change ? change.remoteLineId : change.kind);

function Change({ change }: { readonly change: Changed }) {
  const words = useWords().merchantOrder.edit;
  const [what, from, to] = (() => {
    switch (change.kind) {
      case 'quantity_changed':
        return [words.units(change.sku), count(change.from), count(change.to)];
      case 'line_added':
        return [words.added(change.sku), words.notThere, `${count(change.to)} × ${change.name}`];
      case 'line_removed':
        return [words.removed(change.sku), count(change.from), words.notThere];
      case 'ship_to_changed':
        return [words.shipTo, addressLines(change.from).join('\n'), addressLines(change.to).join('\n')];
      case 'shipping_method_changed':
        return [words.method, change.from ?? words.noMethod, change.to ?? words.noMethod];
    }
  })();
  return (
    <tr>
      <th scope="row">{what}</th>
      <td className={css['old']}>{from}</td>
      <td className={css['new']}>{to}</td>
    </tr>
  );
}

function Decision({ order, edit }: EditProps) {
  const words = useWords().merchantOrder.edit;
  const messageOf = useMessage();
  const { say, complain } = useToasts();
  const accept = useCommand(acceptEdit);
  const [isDismissing, setDismissing] = useState(false);
  const key = useIntentKey();
  const press = async () => {
    const { error } = await accept.run({ id: order.id, key: key.current(), body: { editId: edit.id } });
    if (error) {
      key.refused(error);
      return complain(messageOf(error) ?? '');
    }
    key.renew();
    say(words.accepted);
  };
  return (
    <div className={css['foot']}>
      {allows(order, 'acceptEdit') && (
        <Button look="primary" isBusy={accept.isBusy} onClick={() => void press()}>
          {words.accept}
        </Button>
      )}
      {allows(order, 'dismissEdit') && <Button onClick={() => setDismissing(true)}>{words.dismiss}</Button>}
      {isDismissing && <DismissDialog order={order} edit={edit} onClose={() => setDismissing(false)} />}
    </div>
  );
}

function DismissDialog({ order, edit, onClose }: EditProps & { readonly onClose: () => void }) {
  const words = useWords().merchantOrder.edit;
  const messageOf = useMessage();
  const { say } = useToasts();
  const dismiss = useCommand(dismissEdit);
  const key = useIntentKey();
  const [reason, setReason] = useState<keyof typeof words.reasons>('handled_by_hand');
  const [note, setNote] = useState('');
  const run = async () => {
    const body = { editId: edit.id, reason, ...noteOf(note) };
    const { error } = await dismiss.run({ id: order.id, key: key.current(), body });
    if (error) return key.refused(error);
    onClose();
    say(words.dismissed);
  };
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={words.dismissTitle}
      description={words.dismissText}
      confirm={words.dismissConfirm}
      cancel={words.dismissCancel}
      isBusy={dismiss.isBusy}
      error={messageOf(dismiss.error)}
      onConfirm={() => void run()}
    >
      <Why label={words.why} reasons={words.reasons} value={reason} onChange={setReason} />
      <Note value={note} onChange={setNote} />
    </ConfirmDialog>
  );
}
