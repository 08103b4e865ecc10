import { setImmediate as nextTurn } from 'node:timers/promises';
import { DomainError } from '../../domain/errors.ts';
import { pagesAtOnce, type Paper } from '../../domain/paper/paper.ts';
import type { PaperFailure, PaperJob, PaperResult, Sheet } from './job.ts';
import { layoutOf, type LaidSheet } from './layout.ts';
import { createRenderer, type RenderAnswer, type Renderer } from './renderer.ts';

/** One thread for all jobs of a worker: two would only share its core. */
const shared = createRenderer();

/**
 * Prints sheets as one PDF, in a thread of its own. A sheet that cannot be printed is left out and named. The same job
 * gives the same bytes.
 * @throws DomainError `print_job_too_large` above `pagesAtOnce` pages; Error where nothing at all can be printed
 */
export async function renderPages(job: PaperJob, renderer: Renderer = shared): Promise<PaperResult> {
  const failures: PaperFailure[] = [];
  const laid = await layOut(job, failures);
  const print = printerOf(job, renderer);
  const first = await print(laid);
  const sheets = 'pdf' in first ? laid : await withoutBad(laid, print, failures);
  if (sheets.length === 0) return { pdf: new Uint8Array(), pages: 0, failures };
  const answer = 'pdf' in first ? first : await print(sheets);
  if (!('pdf' in answer)) throw new Error(`Sheets that can be printed in parts cannot be printed: ${answer.refused}`);
  return { ...withinLimit(answer), failures };
}

/** Other work of the process goes on after so many milliseconds. */
const turnMs = 5;

async function layOut({ sheets, today }: PaperJob, failures: PaperFailure[]): Promise<LaidSheet[]> {
  const laid: LaidSheet[] = [];
  let turnEnds = performance.now() + turnMs;
  for (const sheet of sheets) {
    if (performance.now() > turnEnds) {
      await nextTurn();
      turnEnds = performance.now() + turnMs;
    }
    try {
      laid.push(layoutOf(sheet, today));
    } catch (error) {
      failures.push(failureOf(sheet, String(error)));
    }
  }
  return laid;
}

type Print = (laid: readonly LaidSheet[]) => Promise<RenderAnswer>;

function printerOf({ paper, today }: PaperJob, renderer: Renderer): Print {
  const at = Math.floor(Date.parse(today) / 1000);
  const print: Print = (laid) => {
    // By name, since the same image is sent once, however many sheets have it.
    const images = new Map(laid.flatMap(({ images }) => images));
    return renderer.print({ json: jsonOf(paper, laid), images: [...images], at });
  };
  return async (laid) => {
    const answer = await print(laid);
    if (!('hasEnded' in answer)) return answer;
    // A thread that does not even print nothing is not ended by a sheet.
    const empty = await print([]);
    if ('refused' in empty) throw new Error(`The renderer does not work: ${answer.refused}`);
    return answer;
  };
}

/** The title has numbers only: it is seen in a browser's list of tabs. */
export function jsonOf(paper: Paper, laid: readonly LaidSheet[]): string {
  const [only] = laid;
  const title = laid.length === 1 && only?.sheet.kind === 'packing_slip' ? only.sheet.slip.number : 'Print job';
  const head = JSON.stringify({ paper, title }).slice(0, -1);
  return `${head},"sheets":[${laid.map(({ json }) => json).join()}]}`;
}

/** Halves what was refused until each bad sheet is alone: seven tries find one among a hundred. */
async function withoutBad(laid: readonly LaidSheet[], print: Print, failures: PaperFailure[]): Promise<LaidSheet[]> {
  const middle = Math.ceil(laid.length / 2);
  const good: LaidSheet[] = [];
  for (const half of [laid.slice(0, middle), laid.slice(middle)].filter(({ length }) => length > 0)) {
    const answer = await print(half);
    if ('pdf' in answer) good.push(...half);
    else if (half.length > 1) good.push(...(await withoutBad(half, print, failures)));
    else failures.push(failureOf(half[0]!.sheet, answer.refused));
  }
  return good;
}

function failureOf(sheet: Sheet, detail: string): PaperFailure {
  const { kind } = sheet;
  const why = { kind, cause: 'not_readable', detail } as const;
  if (kind === 'label') return { orderId: sheet.orderId, labelId: sheet.labelId, ...why };
  return { orderId: kind === 'packing_slip' ? sheet.slip.orderId : null, labelId: null, ...why };
}

function withinLimit(printed: { pdf: Uint8Array; pages: number }): { pdf: Uint8Array; pages: number } {
  if (printed.pages <= pagesAtOnce) return printed;
  const detail = `The print job has ${printed.pages} pages; ${pagesAtOnce} are possible at once.`;
  throw new DomainError('print_job_too_large', detail);
}
