import { cpuSeconds, percentile, residentMb } from './measure.ts';
import { startService, timed, type Fleet } from './service.ts';

/** From the start of a process until it is ready: seconds, seconds of processor time, and memory. */
const [rounds = 5] = process.argv.slice(2).map(Number);

type Boot = { seconds: number; cpu: number; mb: number };

const service = await startService();
try {
  for (const role of ['api', 'worker'] as const) {
    const boots: Boot[] = [];
    for (let round = 0; round < rounds; round += 1) boots.push(await bootOf(role));
    const middle = (figure: keyof Boot) => percentile(boots.map((boot) => boot[figure]), 0.5); // prettier-ignore
    console.log(
      `${role}: ready in ${middle('seconds').toFixed(2)} s, ${middle('cpu').toFixed(2)} s of processor time, ${middle('mb').toFixed(0)} MB`,
    );
  }
} finally {
  await service.stop();
}

/** Starts one more process of a kind, and ends it again. */
async function bootOf(role: keyof Fleet): Promise<Boot> {
  const one: Fleet = { api: 1, worker: 1 };
  const seconds = await timed(() => service.scale({ ...one, [role]: 2 }));
  const pid = service.processes()[role][1]!;
  const boot = { seconds, cpu: cpuSeconds({ pid })['pid']!, mb: residentMb(pid) };
  await service.scale(one);
  return boot;
}
