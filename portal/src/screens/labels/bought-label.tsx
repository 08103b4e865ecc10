import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { isAtRest, labelQuery, type Label } from '../../api/queries/labels.ts';
import { Banner } from '../../components/banner.tsx';
import { Button, Spinner } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Loaded, Skeleton } from '../../components/states.tsx';
import { useAccountId } from '../../lib/account-id.ts';
import { useWords } from '../../words/use-words.tsx';
import { causeOf } from '../attention/causes.ts';
import { OpenDocument } from '../print/open-document.tsx';
import css from './labels.module.css';

interface BoughtLabelProps {
  readonly id: string;
  readonly onClose: () => void;
}

/** A label that was ordered: until it is bought, and then its paper. */
export function BoughtLabel({ id, onClose }: BoughtLabelProps) {
  const words = useWords().labels.buy;
  const account = useAccountId();
  const query = useQuery(labelQuery(account, id));
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={query.data && isAtRest(query.data) && query.data.documentId !== null ? words.done : words.working}
      actions={<Button onClick={onClose}>{words.close}</Button>}
    >
      <Loaded query={query} skeleton={<Skeleton rows={1} />}>
        {(label) => <Shown label={label} />}
      </Loaded>
    </Dialog>
  );
}

const patienceMs = 15_000;

function Shown({ label }: { readonly label: Label }) {
  const { labels, attention: causes } = useWords();
  const words = labels.buy;
  const print = useRef<HTMLButtonElement>(null);
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), patienceMs);
    return () => clearTimeout(timer);
  }, []);
  const { documentId, trackingNumber, carrierName, service, failure, status, attention } = label;
  // Enter prints it.
  useEffect(() => print.current?.focus(), [documentId]);
  if (attention) return <Banner tone="red" title={causeOf(attention.code, causes)} />;
  if (status === 'failed' || status === 'voided' || status === 'void_requested')
    return (
      <Banner tone="red" title={labels.list.status[status]}>
        {failure && causeOf(failure, causes)}
      </Banner>
    );
  if (!isAtRest(label) || documentId === null)
    return (
      <p className={css['working']} role="status">
        <Spinner />
        {isSlow ? words.slow : words.working}
      </p>
    );
  return (
    <div className="stack">
      <p role="status">
        {carrierName} {service} <span className="mono">{trackingNumber}</span>
      </p>
      <div className="row">
        <OpenDocument ref={print} look="primary" id={documentId} name={`${trackingNumber ?? label.id}.pdf`}>
          {words.print}
        </OpenDocument>
      </div>
    </div>
  );
}
