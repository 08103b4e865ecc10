/**
 * `npm run bench -- orders`: each benchmark is a program of its own, with its service in a folder of its own. Figures of
 * one machine in one run: read the ratios.
 */
const benchmarks: Readonly<Record<string, { takes: string; run: () => Promise<unknown> }>> = {
  orders: { takes: '[orders, 300]', run: () => import('./orders.ts') },
  inventory: { takes: '[listings…, 10000 100000 500000]', run: () => import('./inventory.ts') },
  shipments: { takes: '[parcels, 500]', run: () => import('./parcels.ts') },
  support: { takes: '[pushes, 20]', run: () => import('./support.ts') },
  schedules: { takes: '[channels, 1000] [seconds, 300]', run: () => import('./schedules.ts') },
};

const [name = ''] = process.argv.splice(2, 1);
if (benchmarks[name]) await benchmarks[name].run();
else {
  const lines = Object.entries(benchmarks).map(([known, { takes }]) => `  npm run bench -- ${known} ${takes}`);
  console.log(['Benchmarks, with what they may be given and its default:', ...lines].join('\n'));
}
