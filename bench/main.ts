/**
 * `npm run bench -- orders`. Each benchmark starts its own service in its own folder. The figures are of one machine in
 * one run: read the ratios.
 */
const benchmarks: Readonly<Record<string, { takes: string; run: () => Promise<unknown> }>> = {
  orders: { takes: '[orders, 300] [words of a case’s name, all cases]', run: () => import('./orders.ts') },
  scale: { takes: '[orders, 100]', run: () => import('./scale.ts') },
  inventory: { takes: '[listings…, 10000 100000 500000]', run: () => import('./inventory.ts') },
  shipments: { takes: '[shipments, 500]', run: () => import('./shipments.ts') },
  reads: { takes: '[seconds a round, 5]', run: () => import('./reads.ts') },
  misuse: { takes: '[seconds, 8]', run: () => import('./misuse.ts') },
  support: { takes: '[pushes, 20]', run: () => import('./support.ts') },
  portal: { takes: '[rounds, 10]', run: () => import('./portal.ts') },
  paper: { takes: '[orders, 200] [rounds, 5]', run: () => import('./paper.ts') },
  boot: { takes: '[starts of each, 5]', run: () => import('./boot.ts') },
  neighbours: { takes: '[hanging channels, 100] [orders, 40]', run: () => import('./neighbours.ts') },
  schedules: { takes: '[channels, 1000] [seconds, 300]', run: () => import('./schedules.ts') },
};

const [name = ''] = process.argv.splice(2, 1);
if (benchmarks[name]) await benchmarks[name].run();
else {
  const lines = Object.entries(benchmarks).map(([known, { takes }]) => `  npm run bench -- ${known} ${takes}`);
  console.log(['Benchmarks, with their arguments and defaults:', ...lines].join('\n'));
}
