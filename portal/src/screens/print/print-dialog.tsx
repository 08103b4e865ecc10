import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { createPrintJob } from '../../api/commands/print-jobs.ts';
import { printJobQuery } from '../../api/queries/print-jobs.ts';
import { useCommand } from '../../api/use-command.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { useAccountId } from '../../lib/account-id.ts';
import { useWords } from '../../words/use-words.tsx';
import { PrintChoice, type Choice } from './print-choice.tsx';
import { PrintOutcome } from './print-outcome.tsx';

/** An order that is printed; its number names it where it is left out. */
export interface PrintedOrder {
  readonly id: string;
  readonly number: string;
}

interface PrintDialogProps {
  readonly orders: readonly PrintedOrder[];
  readonly onClose: () => void;
}

/** What to print of these orders, and on which paper; then the PDF, with what was left out. */
export function PrintDialog({ orders: chosen, onClose }: PrintDialogProps) {
  const words = useWords().paper.printing;
  const account = useAccountId();
  // Those that were chosen, also once the list behind has changed.
  const [orders] = useState(chosen);
  const create = useCommand(createPrintJob);
  const [jobId, setJobId] = useState<string>();
  const job = useQuery({ ...printJobQuery(account, jobId ?? ''), enabled: jobId !== undefined });
  const print = async ({ key, ...choice }: Choice) => {
    const { data, error } = await create.run({ key, body: { ...choice, orderIds: orders.map(({ id }) => id) } });
    if (data) setJobId(data.id);
    return error;
  };
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={words.title(orders.length)}
      {...(jobId !== undefined && {
        actions: (
          <>
            <Button
              look="quiet"
              onClick={() => {
                create.reset();
                setJobId(undefined);
              }}
            >
              {words.again}
            </Button>
            <Button onClick={onClose}>{words.close}</Button>
          </>
        ),
      })}
    >
      {jobId === undefined ? (
        <PrintChoice
          orders={orders.length}
          isBusy={create.isBusy}
          error={create.error}
          onPrint={print}
          onClose={onClose}
        />
      ) : (
        <PrintOutcome orders={orders} query={job} />
      )}
    </Dialog>
  );
}
