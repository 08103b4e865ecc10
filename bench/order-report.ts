import { ratePerSecond, type OrderRun } from './order-run.ts';
import type { History } from './temporal-figures.ts';
import type { Work } from './watch.ts';

export type Aims = Record<'cpuMs' | 'rate' | 'transactions' | 'statements' | 'events' | 'actions', number>;
/** Bare workflows in the same run. */
export type Yardstick = { seconds: number; cpu: Record<string, number>; workflows: number };
export type Measured = { run: OrderRun; bare: Yardstick; history: History };

export const both = (one: Yardstick, other: Yardstick): Yardstick => ({
  seconds: one.seconds + other.seconds,
  workflows: one.workflows + other.workflows,
  cpu: Object.fromEntries(Object.entries(one.cpu).map(([name, used]) => [name, used + other.cpu[name]!])),
});

const sum = (figures: Record<string, number>) => Object.values(figures).reduce((total, figure) => total + figure, 0);
const against = (isMet: boolean, aim: string) => `(aim ${aim}: ${isMet ? 'met' : 'not met'})`;
const atMost = (figure: number, aim: number, of: string) =>
  `${figure.toFixed(1)} ${of} ${against(Number(figure.toFixed(1)) <= aim, `≤ ${aim}`)}`;
const kb = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;
/** The service's own, without this program. */
const processesOf = ({ cpu: { bench: _, ...cpu } }: OrderRun) => cpu;

const msEach = (cpu: Record<string, number>, orders: number) =>
  Object.entries(cpu).map(([name, used]) => `${name} ${((1000 * used) / orders).toFixed(1)}`).join(', '); // prettier-ignore

/** Each figure of one order, with its aim. An aim that is not met fails nothing. */
export function describe({ run, bare, history }: Measured, aims: Aims): string {
  const { orders, stages, work, counted, bytes, repeats } = run;
  const cpu = processesOf(run);
  const [rate, bareRate] = [ratePerSecond(run), bare.workflows / bare.seconds];
  const [ms, bareMs] = [(1000 * sum(cpu)) / orders, (1000 * sum(bare.cpu)) / bare.workflows];
  const each = (figure: number) => (figure / orders).toFixed(1);
  const byServer = `the server counted ${each(counted?.actions ?? 0)} actions and ${each(counted?.transitions ?? 0)} state transitions an order, with the tasks that import`;
  const share = Object.entries(stages).map(([stage, part]) => `${stage} ${Math.round((100 * part) / sum(stages))} %`);
  const kinds = Object.entries(history.actions)
    .map(([action, times]) => `${times.toFixed(1)} ${action}`)
    .join(', ');
  return [
    `  rate       ${rate.toFixed(1)} orders/s; bare workflow ${bareRate.toFixed(1)}/s; ratio ${(rate / bareRate).toFixed(2)} ${against(rate / bareRate >= aims.rate, `≥ ${aims.rate}`)}`,
    `  processor  ${atMost(ms, aims.cpuMs, 'ms an order')}: ${msEach(cpu, orders)}`,
    `             bare workflow ${bareMs.toFixed(1)} ms: ${msEach(bare.cpu, bare.workflows)}; ratio ${(bareMs / ms).toFixed(2)}; this program ${each(1000 * (run.cpu['bench'] ?? 0))} ms an order besides`,
    `  Postgres   ${work === undefined ? 'statements not counted: the server was given' : describeWork(work, orders, aims)}`,
    `             tables and indexes grew by ${kb(bytes / orders)} an order`,
    `  Temporal   ${atMost(history.events, aims.events, 'events')}, ${atMost(sum(history.actions) - (history.actions['Update'] ?? 0), aims.actions, 'actions besides its Update')}, ${kb(history.bytes)} a dropship: ${kinds}`,
    ...(counted === undefined ? [] : [`             ${byServer}`]),
    `  time       ${share.join(', ')}`,
    ...(repeats === 0 ? [] : [`  the machine was busy: ${repeats} requests got no answer in time and were repeated`]),
  ].join('\n');
}

function describeWork(work: Work, orders: number, aims: Aims): string {
  const kinds = Object.entries(work.kinds)
    .toSorted(([, one], [, other]) => other - one)
    .map(([kind, calls]) => `${(calls / orders).toFixed(1)} ${kind}`);
  const transactions = atMost(work.transactions / orders, aims.transactions, 'transactions');
  const statements = atMost(work.statements / orders, aims.statements, 'statements');
  return `${transactions}; ${statements}: ${kinds.join(', ')}; ${(work.singles / orders).toFixed(1)} of them single reads across accounts`;
}

/** The rate as a part of the bare workflow's. */
export const partOfBare = ({ run, bare }: Measured): number => (ratePerSecond(run) * bare.seconds) / bare.workflows;

/** How busy a core may be, so that a peak or a lost process does not queue. */
export const busyPercent = 60;
const secondsOfMonth = 30 * 86_400;

/** What such orders need at some rates, in proportion: the table of docs/operations.md. */
export function sizes({ run, history }: Measured, rates: readonly number[]): string {
  const { orders, work, counted } = run;
  const cores = Object.entries(processesOf(run)).map(
    ([name, used]) => [`${name} cores`, (used / orders / busyPercent) * 100] as const,
  );
  const lines: readonly (readonly [string, number])[] = [
    ...cores,
    ['transactions/s', (work?.transactions ?? 0) / orders],
    ['statements/s', (work?.statements ?? 0) / orders],
    ['state transitions/s', (counted?.transitions ?? 0) / orders],
    ['actions/s', (counted?.actions ?? 0) / orders],
    ['GB of rows a month', (run.bytes / orders / 1e9) * secondsOfMonth],
    ['GB of histories in 30 days', (history.bytes / 1e9) * secondsOfMonth],
  ];
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rounded = (figure: number) => (figure < 10 ? figure.toFixed(1) : Math.round(figure).toLocaleString('en'));
  return [
    row(['orders/s', ...rates.map(String)]),
    row(['---', ...rates.map(() => '---')]),
    ...lines.map(([name, each]) => row([name, ...rates.map((rate) => rounded(each * rate))])),
  ].join('\n');
}
