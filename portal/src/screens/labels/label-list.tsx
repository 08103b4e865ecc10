import { ChevronDown, Printer } from 'lucide-react';
import { useState } from 'react';
import type { DocumentFormat } from '../../api/commands/documents.ts';
import { voidLabel } from '../../api/commands/labels.ts';
import type { Label } from '../../api/queries/labels.ts';
import type { OrderDetail } from '../../api/queries/orders.ts';
import { useCommand } from '../../api/use-command.ts';
import { Badge, type Tone } from '../../components/badge.tsx';
import { Banner } from '../../components/banner.tsx';
import { Button, IconButton } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { Menu, MenuItem } from '../../components/menu.tsx';
import { useToasts } from '../../components/toast.tsx';
import { classes } from '../../lib/classes.ts';
import { money } from '../../lib/format.ts';
import { useIntentKey } from '../../lib/intents.ts';
import { useAccount } from '../../lib/use-account.ts';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import { causeOf, hintOf } from '../attention/causes.ts';
import { Note, noteOf, Why } from '../order/reasons.tsx';
import { sumOf } from '../order/rules.ts';
import { useDocument } from '../print/open-document.tsx';
import css from './labels.module.css';

/** The labels of an order, the newest first: what they cost, their paper, and taking them back. */
export function LabelList({ order }: { readonly order: OrderDetail }) {
  const words = useWords().labels;
  return (
    <Card isFlush title={words.title}>
      <ul>
        {[...order.labels].reverse().map((label) => (
          <Shown key={label.id} label={label} />
        ))}
      </ul>
    </Card>
  );
}

interface LabelProps {
  readonly label: Label;
}

const tones: Readonly<Record<Label['status'], Tone>> = {
  requested: 'blue',
  bought: 'green',
  recorded: 'green',
  void_requested: 'amber',
  voided: 'grey',
  failed: 'red',
};

function Shown({ label }: LabelProps) {
  const { labels, attention: causes, order } = useWords();
  const words = labels.list;
  const { status, trackingNumber, carrier, carrierName, service, failure, attention, refund, isReturn } = label;
  const isVoid = status === 'voided' || status === 'void_requested';
  const Number = isVoid ? 's' : 'span';
  const units = sumOf(label.lines, ({ quantity }) => quantity);
  const facts = [
    isReturn ? words.isReturn : order.units(units),
    label.cost && money(label.cost),
    label.payer === 'merchant' && words.byMerchant,
    label.lentTo !== null && words.bySupplier,
    words.refund[refund],
  ];
  return (
    <li className={css['label']}>
      <div className={css['head']}>
        <Badge tone={tones[status]}>{words.status[status]}</Badge>
        <span>
          {carrierName ?? carrier} {service}
        </span>
        {trackingNumber !== null && <Number className={classes('mono', css['number'])}>{trackingNumber}</Number>}
        <Changes label={label} />
      </div>
      <p className="muted small">{facts.filter(Boolean).join(' · ')}</p>
      {failure !== null && <p className={css['error']}>{causeOf(failure, causes)}</p>}
      {attention && <Banner title={words.stuck}>{hintOf(attention, causes)}</Banner>}
    </li>
  );
}

const formats = ['pdf', 'zpl', 'png'] as const satisfies readonly DocumentFormat[];

function Changes({ label }: LabelProps) {
  const words = useWords().labels.list;
  const { may } = useAccount();
  const { open, isBusy } = useDocument();
  const [isVoiding, setVoiding] = useState(false);
  const { documentId, status, trackingNumber, lentTo, id } = label;
  const name = trackingNumber ?? id;
  const print = (format: DocumentFormat) => documentId !== null && void open(documentId, `${name}.${format}`, format);
  return (
    <span className={css['changes']}>
      {documentId !== null && (
        <span className={css['pair']}>
          <Button size="small" isBusy={isBusy} aria-label={words.printOf(name)} onClick={() => print('pdf')}>
            <Printer size={15} aria-hidden />
            {words.print}
          </Button>
          <Menu
            trigger={
              <IconButton size="small" label={words.formatsOf(name)}>
                <ChevronDown size={15} aria-hidden />
              </IconButton>
            }
          >
            {formats.map((format) => (
              <MenuItem key={format} onSelect={() => print(format)}>
                {words.formats[format]}
              </MenuItem>
            ))}
          </Menu>
        </span>
      )}
      {may('ship') && lentTo === null && (status === 'bought' || status === 'recorded') && (
        <Button size="small" look="quiet" aria-label={words.voidOf(name)} onClick={() => setVoiding(true)}>
          {words.void}
        </Button>
      )}
      {isVoiding && <VoidLabel label={label} onClose={() => setVoiding(false)} />}
    </span>
  );
}

function VoidLabel({ label: { id, isReturn }, onClose }: LabelProps & { readonly onClose: () => void }) {
  const { labels, order } = useWords();
  const words = labels.list.voiding;
  const { voidReasons, voidWhy } = order.shipments;
  const { say } = useToasts();
  const messageOf = useMessage();
  const discard = useCommand(voidLabel);
  const key = useIntentKey();
  const [reason, setReason] = useState<keyof typeof voidReasons>('not_sent');
  const [note, setNote] = useState('');
  const confirm = async () => {
    const { error } = await discard.run({ id, key: key.current(), body: { reason, ...noteOf(note) } });
    if (error) return key.refused(error);
    onClose();
    say(words.done, words.doneText);
  };
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={words.title}
      description={isReturn ? words.returnText : words.text}
      confirm={words.confirm}
      cancel={words.cancel}
      look="danger"
      isBusy={discard.isBusy}
      error={messageOf(discard.error)}
      onConfirm={() => void confirm()}
    >
      <Why label={voidWhy} reasons={voidReasons} value={reason} onChange={setReason} />
      <Note value={note} onChange={setNote} />
    </ConfirmDialog>
  );
}
