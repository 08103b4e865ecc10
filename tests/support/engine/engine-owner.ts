import { loadStandaloneConfig } from '../../../config.ts';
import { endEverything, startEngine } from '../../../standalone/engine.ts';
import { endOnSignals } from '../../../standalone/processes/shutdown.ts';

// Starts an engine on DATA_DIR and keeps it running, so that a test can kill the process that owns it.
const engine = await startEngine(loadStandaloneConfig(), { note: () => undefined, stage: (_what, work) => work() });
endOnSignals({ report: () => undefined, orderly: () => engine.stop(), forced: () => endEverything(engine.dataDir) });
setInterval(() => undefined, 60_000);
const { environment, ownerUrl, postgres, temporal } = engine;
console.log(JSON.stringify({ environment, ownerUrl, pids: [postgres?.pid, temporal?.pid] }));
