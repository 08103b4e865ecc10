import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { layoutOf } from '../activities/paper/layout.ts';
import type { PaperJob, Sheet } from '../activities/paper/job.ts';
import { jsonOf, renderPages } from '../activities/paper/render.ts';
import { createRenderer, type RenderAnswer, type RenderRequest } from '../activities/paper/renderer.ts';
import { grayPng } from '../tests/support/paper/pictures.ts';
import { aBrand, aPrintedLine, aSlip } from '../tests/support/paper/printed.ts';
import { scripts } from '../tests/support/paper/scripts.ts';
import { percentile, residentMb } from './measure.ts';

// Print jobs, next to the renderer alone: typst is called on the main thread with what is laid out already. Both have the same
// templates, fonts and data, and take turns.

const [orders = 200, rounds = 5] = process.argv.slice(2).map(Number);
const today = '2026-11-30T12:00:00Z';
const people = Object.values(scripts);

const slipAt = (at: number): Sheet => {
  const { language, shipTo, product } = people[at % people.length]!;
  const lines = Array.from({ length: at % 50 === 7 ? 60 : 3 }, (_, line) => aPrintedLine(line, { name: product }));
  const order = { id: `ord_${at}`, number: `1001-${at}`, shipTo, lines };
  return { kind: 'packing_slip', slip: aSlip(order, { brand: aBrand({ language, showPrices: true }) }) };
};
/** Each has another image, as labels do, of about 20 KB. */
const labelAt = (at: number): Sheet => {
  const greyAt = (x: number, y: number) => (((x >> 2) * 31 + (y >> 5) * (at + 7)) % 5 < 2 ? 0 : 255);
  return {
    kind: 'label',
    orderId: `ord_${at}`,
    labelId: `label_${at}`,
    image: grayPng(1200, 1800, greyAt),
    mediaType: 'image/png',
    isVoid: false,
  };
};
const all = Array.from({ length: orders }, (_, at) => at);
const jobs: Record<string, PaperJob> = {
  [`${orders} slips`]: { paper: 'a4', today, sheets: all.map(slipAt) },
  [`${orders} labels with slips`]: { paper: '4x6', today, sheets: all.flatMap((at) => [labelAt(at), slipAt(at)]) },
};

const module = pathToFileURL(join(import.meta.dirname, '../activities/paper/print.mjs')).href;
const { printNow } = (await import(module)) as { printNow: (request: RenderRequest) => RenderAnswer };
const renderer = createRenderer();

/** @returns seconds */
async function timed(work: () => unknown): Promise<number> {
  const from = performance.now();
  await work();
  return (performance.now() - from) / 1000;
}

async function compare(job: PaperJob) {
  const laid = job.sheets.map((sheet) => layoutOf(sheet, today));
  const request: RenderRequest = { json: jsonOf(job.paper, laid), images: laid.flatMap(({ images }) => images), at: 0 };
  const [plain, ours, blocked]: number[][] = [[], [], []];
  // The first of each reads the fonts.
  for (let round = 0; round <= rounds; round += 1) {
    const alone = await timed(() => printNow(request));
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const whole = await timed(() => renderPages(job, renderer));
    delay.disable();
    if (round === 0) continue;
    plain!.push(alone);
    ours!.push(whole);
    blocked!.push(delay.max / 1e6);
  }
  return { plain: percentile(plain!, 0.5), ours: percentile(ours!, 0.5), blockedMs: percentile(blocked!, 0.5) };
}

console.log(`Medians of ${rounds} rounds.\n`);
for (const [name, job] of Object.entries(jobs)) {
  const { plain, ours, blockedMs } = await compare(job);
  const speed = (plain / ours).toFixed(2);
  console.log(
    `${name}: ${ours.toFixed(2)} s; the renderer alone ${plain.toFixed(2)} s; ${speed} of its speed (aim 0.8)`,
  );
  console.log(`  the main loop was blocked for ${blockedMs.toFixed(0)} ms at most (aim 50)`);
}
console.log(`\nMemory of this process, with both renderers: ${residentMb(process.pid).toFixed(0)} MB`);
await renderer.end();
