import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Bytes between a program and a server on loopback, as they are, until `cut` ends all connections in the middle of whatever they carry. */
export async function startRelay(targetPort: number) {
  const open = new Set<Socket>();
  const end = () => open.forEach((socket) => socket.destroy());
  const server = createServer((client) => {
    const upstream = connect(targetPort, '127.0.0.1');
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(socket);
      socket.on('error', () => undefined).once('close', () => (open.delete(socket), other.destroy()));
      socket.pipe(other);
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    /** `host:port`. */
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut: end,
    close: () => {
      end();
      server.close();
    },
  };
}
