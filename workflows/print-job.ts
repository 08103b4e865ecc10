import type { Paper } from '../domain/paper/paper.ts';
import { paperWork, rows } from './activities.ts';
import { codeOf, isFailure } from './failures.ts';

/** Makes the PDF of a print job. A job that fails says why; people print again. */
export async function printJob({ printJobId }: { printJobId: string }): Promise<void> {
  try {
    await paperWork.makePrintJob({ printJobId });
  } catch (error) {
    if (!isFailure(error)) throw error;
    await rows.failPrintJob({ printJobId, cause: codeOf(error) });
  }
}

/** Makes the packing slip of one order. Whoever asked waits for it. */
export async function packingSlip(input: { orderId: string; paper: Paper }): Promise<{ documentId: string }> {
  return paperWork.makePackingSlip(input);
}
