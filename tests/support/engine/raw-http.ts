import { once } from 'node:events';
import { connect } from 'node:net';
import { atTheEnd } from './for-the-file.ts';

type RawAnswer = { status: number; headers: Record<string, string>; body: string; closed: Promise<unknown> };

/** Sends text as it is, which no client of HTTP would send. @returns the first answer, as soon as all of it is there */
export async function sendRaw(url: string, text: string): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  atTheEnd(() => socket.destroy());
  const closed = once(socket, 'close');
  socket.on('error', () => undefined);
  socket.write(text);
  let received = '';
  for await (const bytes of socket.iterator({ destroyOnReturn: false })) {
    received += String(bytes);
    const [head, body] = received.split('\r\n\r\n', 2);
    const [first, ...lines] = head!.split('\r\n');
    const headers = Object.fromEntries(lines.map((line) => line.toLowerCase().split(': ', 2))) as Record<
      string,
      string
    >;
    if (body === undefined || Buffer.byteLength(body) < Number(headers['content-length'])) continue;
    socket.resume();
    return { status: Number(first!.split(' ')[1]), headers, body, closed };
  }
  throw new Error('The connection was closed without an answer.');
}
