import { startVendureServer } from '../tests/support/fakes/vendure-server.ts';

/** The shop of the benchmark of orders, in a process of its own, so that its work is not counted as ours. */
const { stop } = await startVendureServer(Number(process.env['SHOP_PORT']));
process.once('SIGTERM', () => void stop().finally(() => process.exit(0)));
