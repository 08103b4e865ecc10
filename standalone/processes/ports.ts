import { createServer } from 'node:net';
import { StartError } from '../start-error.ts';

/** Below the ports that systems give to outgoing connections (Linux: from 32768), which could take a port before its process does. */
const [first, last] = [15_000, 31_999];
/** Processes begin apart, and count up: a port that is given, and not yet listened on, is not given again. */
let latest = first + ((process.pid * 7919) % (last - first));

/** A port of 127.0.0.1 that is free now. */
export async function freePort(): Promise<number> {
  for (;;) {
    latest = latest >= last ? first : latest + 1;
    const port = latest;
    if (await isPortFree(port)) return port;
  }
}

export function isPortFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else if (error.code === 'EACCES') reject(new StartError(`This user may not listen on port ${port}.`));
      else reject(error);
    });
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}

interface WantedPort {
  /** 0 takes any free port. */
  readonly port: number;
  /** The environment variable that changes it. */
  readonly variable: string;
  readonly what: string;
  readonly host?: string;
}

/** @throws StartError saying how to choose another port */
export async function claimPort({ port, variable, what, host }: WantedPort): Promise<number> {
  if (port === 0) return freePort();
  if (await isPortFree(port, host)) return port;
  throw new StartError(
    `Port ${port}, wanted for ${what}, is taken by another program. ` +
      `End that program, or choose another port: ${variable}=${await freePort()} npm start`,
  );
}
