import { write, writeSync } from 'node:fs';
import { pino, type Logger, type LoggerOptions } from 'pino';

type LogWriter = {
  write(line: string): void;
  /** Whether the last lines could not be written, or were dropped. */
  isDropping(): boolean;
};

type Limits = { mostBytes: number; pauseMs: number };

/**
 * Writes lines to a file or pipe, and never waits for it: what it does not take waits in memory, and beyond a limit new lines
 * are dropped and counted. pino's own destinations repeat a write at the end of a process until it works, which on a full disk
 * is never.
 */
export function logWriter(
  fd: number,
  { mostBytes, pauseMs }: Limits = { mostBytes: 1_048_576, pauseMs: 500 },
): LogWriter {
  const waiting = waitingLines();
  let dropped = 0;
  let [isWriting, hasFailed] = [false, false];

  const send = () => {
    isWriting = true;
    write(fd, waiting.gathered(), (error, written) => {
      hasFailed = error !== null;
      if (error !== null) return void setTimeout(send, pauseMs).unref();
      if (waiting.take(written) && dropped > 0) {
        waiting.add(noteOf(dropped));
        dropped = 0;
      }
      isWriting = waiting.bytes() > 0;
      if (isWriting) send();
    });
  };
  process.once('exit', () => {
    // A write that is under way may be stuck.
    if (!isWriting && waiting.bytes() > 0) writeOnce(fd, waiting.gathered());
  });
  return {
    isDropping: () => hasFailed || dropped > 0,
    write: (line) => {
      if (waiting.bytes() + line.length > mostBytes) dropped += 1;
      else waiting.add(line);
      if (!isWriting && waiting.bytes() > 0) send();
    },
  };
}

function waitingLines() {
  let gathered = Buffer.alloc(0);
  let lines: string[] = [];
  let bytes = 0;
  return {
    bytes: () => bytes,
    add: (line: string) => {
      lines.push(line);
      bytes += Buffer.byteLength(line);
    },
    gathered: (): Buffer => {
      if (lines.length > 0) gathered = Buffer.concat([gathered, Buffer.from(lines.join(''))]);
      lines = [];
      return gathered;
    },
    /** @returns whether all that was gathered is taken */
    take: (count: number): boolean => {
      gathered = gathered.subarray(count);
      bytes -= count;
      return gathered.length === 0;
    },
  };
}

const noteOf = (dropped: number): string =>
  `${JSON.stringify({ level: 40, time: Date.now(), dropped, msg: 'log lines were dropped: the log could not be written' })}\n`;

function writeOnce(fd: number, text: Buffer): void {
  try {
    writeSync(fd, text);
  } catch {
    // The process ends, whether its last lines are written or not.
  }
}

/** The log of a process, as lines of JSON on its standard output. */
export function createLog(options: LoggerOptions): { log: Logger; isDropping: () => boolean } {
  const writer = logWriter(1);
  return { log: pino(options, writer), isDropping: () => writer.isDropping() };
}

/** For `main.ts` files: a fault of this kind is for a person to mend. It is printed without a stack, and the process ends. */
export const exitInWords =
  (kind: new (message: string) => Error) =>
  (error: unknown): never => {
    if (!(error instanceof kind)) throw error;
    console.error(error.message);
    process.exit(1);
  };
