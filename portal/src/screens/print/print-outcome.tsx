import type { UseQueryResult } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { readDocument } from '../../api/commands/documents.ts';
import type { PrintJob } from '../../api/queries/print-jobs.ts';
import { useCommand } from '../../api/use-command.ts';
import { Banner } from '../../components/banner.tsx';
import { Button, Spinner } from '../../components/button.tsx';
import { Outcome } from '../../components/outcome.tsx';
import { Loaded, Skeleton } from '../../components/states.tsx';
import { download } from '../../lib/files.ts';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import { OpenDocument } from './open-document.tsx';
import type { PrintedOrder } from './print-dialog.tsx';
import css from './print.module.css';

interface PrintOutcomeProps {
  readonly orders: readonly PrintedOrder[];
  readonly query: UseQueryResult<PrintJob>;
}

/** How far a print job is; then its PDF, and what was left out. */
export function PrintOutcome({ orders, query }: PrintOutcomeProps) {
  return (
    <Loaded query={query} skeleton={<Skeleton rows={2} />}>
      {(job) => <Shown job={job} orders={orders} />}
    </Loaded>
  );
}

function Shown({ job, orders }: { readonly job: PrintJob; readonly orders: readonly PrintedOrder[] }) {
  const words = useWords().paper.printing;
  const { status, documentId, cause } = job;
  if (status === 'running')
    return (
      <p className={css['working']} role="status">
        <Spinner />
        {words.working(orders.length)}
      </p>
    );
  return (
    <div className="stack">
      {documentId === null ? (
        <Banner tone="red" title={words.failed}>
          {words.causes[cause ?? ''] ?? null}
        </Banner>
      ) : (
        <Ready job={job} documentId={documentId} />
      )}
      <LeftOut job={job} orders={orders} />
    </div>
  );
}

function Ready({ job, documentId }: { readonly job: PrintJob; readonly documentId: string }) {
  const words = useWords().paper.printing;
  const messageOf = useMessage();
  const read = useCommand(readDocument);
  const open = useRef<HTMLButtonElement>(null);
  // Enter, Enter: make it, open it.
  useEffect(() => open.current?.focus(), []);
  const name = `${words.file}.pdf`;
  const store = async () => {
    const { data } = await read.run({ id: documentId });
    if (data) download(name, data);
  };
  return (
    <>
      <p role="status">{words.done(job.pages ?? 0)}</p>
      <div className="row">
        <OpenDocument ref={open} id={documentId} name={name} look="primary">
          {words.open}
        </OpenDocument>
        <Button isBusy={read.isBusy} onClick={() => void store()}>
          {words.download}
        </Button>
      </div>
      {read.error && <Banner tone="red" title={messageOf(read.error)} />}
    </>
  );
}

function LeftOut({ job: { failures }, orders }: { readonly job: PrintJob; readonly orders: readonly PrintedOrder[] }) {
  const words = useWords().paper.printing;
  if (failures.length === 0) return null;
  const nameOf = (orderId: string | null) =>
    orderId === null ? words.documents.pick_list : (orders.find(({ id }) => id === orderId)?.number ?? orderId);
  const failed = failures.map(({ orderId, document, code }) => ({
    key: `${orderId ?? ''} ${document ?? ''} ${code}`,
    name: nameOf(orderId),
    reason: words.reasons[code],
  }));
  return <Outcome title={words.left(failures.length)} failed={failed} />;
}
