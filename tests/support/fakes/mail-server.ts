import { createServer, type Socket } from 'node:net';
import { once } from 'node:events';

/** A mail as the server took it. */
type ReceivedMail = { from: string; to: string[]; headers: Record<string, string>; text: string };

type MailServer = {
  url: string;
  /** All mails that were accepted, the oldest first. */
  ledger: ReceivedMail[];
  /** Further mails are refused, as by a server that is full. */
  refuse(): void;
  accept(): void;
  stop(): Promise<void>;
};

/** Speaks as much SMTP as a client needs that sends one mail at a time. */
export async function startMailServer(): Promise<MailServer> {
  const ledger: ReceivedMail[] = [];
  const open = new Set<Socket>();
  let isFull = false;
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => undefined);
    converse(socket, (mail) => {
      if (isFull) return '452 4.3.1 Full';
      ledger.push(mail);
      return '250 2.0.0 Taken';
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  return {
    url: `smtp://127.0.0.1:${port}`,
    ledger,
    refuse: () => void (isFull = true),
    accept: () => void (isFull = false),
    stop: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

function converse(socket: Socket, take: (mail: ReceivedMail) => string): void {
  let buffer = '';
  let mail: { from: string; to: string[] } = { from: '', to: [] };
  let body: string[] | undefined;
  const say = (line: string) => void socket.write(`${line}\r\n`);
  const addressOf = (line: string) => /<(.*?)>/.exec(line)?.[1] ?? '';
  const hear = (line: string) => {
    if (body) {
      if (line !== '.') return void body.push(line.replace(/^\.\./, '.'));
      say(take({ ...mail, ...parsed(body) }));
      body = undefined;
      return;
    }
    const verb = line.slice(0, 4).toUpperCase();
    if (verb === 'EHLO' || verb === 'HELO') return say('250 mail.example');
    if (verb === 'MAIL') mail = { from: addressOf(line), to: [] };
    if (verb === 'RCPT') mail.to.push(addressOf(line));
    if (verb === 'DATA') {
      body = [];
      return say('354 Go on');
    }
    if (verb === 'QUIT') return void socket.end('221 Bye\r\n');
    say('250 2.0.0 Well');
  };
  socket.setEncoding('utf8').on('data', (text) => {
    buffer += String(text);
    const lines = buffer.split('\r\n');
    buffer = lines.pop()!;
    lines.forEach(hear);
  });
  say('220 mail.example ESMTP');
}

/** Headers without folds, and the text without the transfer encoding. */
function parsed(lines: readonly string[]): { headers: Record<string, string>; text: string } {
  const [head, ...rest] = lines.join('\n').split('\n\n');
  const unfolded = head!.replaceAll(/\n[ \t]+/g, ' ');
  const headers = Object.fromEntries(
    unfolded.split('\n').map((line) => [line.split(':')[0]!.toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
  );
  const body = rest.join('\n\n');
  return { headers, text: decoded(body, headers['content-transfer-encoding']) };
}

function decoded(text: string, encoding: string | undefined): string {
  if (encoding === 'base64') return Buffer.from(text, 'base64').toString();
  if (encoding !== 'quoted-printable') return text;
  return Buffer.from(
    text
      .replaceAll('=\n', '')
      .replaceAll(/=([0-9A-F]{2})/g, (_code, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  ).toString();
}
