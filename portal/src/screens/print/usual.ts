import type { Paper, Printable } from '../../api/queries/print-jobs.ts';
import { store, stored } from '../../lib/storage.ts';

export const papers = ['4x6', 'a4', 'letter'] as const satisfies readonly Paper[];
export const printables = ['label', 'packing_slip', 'pick_list'] as const satisfies readonly Printable[];

const lettersIn = /-(US|CA|MX|PH)\b/;

/** As chosen last on this browser; else what an office of its country has. */
export const usualPaper = (): Paper =>
  papers.find((one) => one === stored('vp.paper')) ?? (lettersIn.test(navigator.language) ? 'letter' : 'a4');

/** As chosen last on this browser; else slips. */
export function usualPrintables(): readonly Printable[] {
  const chosen = stored('vp.prints')?.split(' ') ?? [];
  const known = printables.filter((one) => chosen.includes(one));
  return known.length > 0 ? known : ['packing_slip'];
}

export function chooseUsual(paper: Paper, documents: readonly Printable[]): void {
  store('vp.paper', paper);
  store('vp.prints', documents.join(' '));
}
