import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from '@jest/globals';
import { where, type Harness } from '../harness.ts';

type Message = { body: Buffer; headers: Headers };

/**
 * Messages of the shop: point 15 of the conformance list.
 * @param shop.isRepeated whether the shop sends again what was not accepted
 */
export function webhookConformance(
  harness: () => Harness,
  { isRepeated }: { isRepeated: boolean } = { isRepeated: true },
) {
  const closers: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closers.splice(0)) await close();
  });

  /** Receives real messages; answers with the statuses in turn, then with 204. */
  const receive = async (...statuses: number[]) => {
    const receiver = await startReceiver(statuses);
    closers.push(receiver.close);
    await harness().webhooks.connect(receiver.url);
    return receiver;
  };
  const read = (message: Message, at?: Date) => harness().webhooks.read(message, at);
  const now = new Date('2026-01-31T12:00:00.000Z');
  const synthetic = (orderIds: string[], secret?: 'current' | 'previous'): Message => {
    const body = harness().webhooks.naming(orderIds);
    return {
      body: Buffer.from(body),
      headers: harness().webhooks.signed(body, { at: now, ...(secret && { secret }) }),
    };
  };

  it('names a paid order, and says that it is time to import', async () => {
    const receiver = await receive();
    const order = await harness().place();

    const message = await receiver.first((body) => harness().webhooks.isOf('payment', body));

    expect(read(message)).toMatchObject({ tasks: ['import_orders'], remoteOrderIds: [order.remoteId] });
    expect(message.body.includes('Ada')).toBe(harness().webhooks.hasBuyer ?? false);
    expect(JSON.stringify(read(message))).not.toContain('Ada');
  });

  it.each([
    ['cancel', (remoteId: string) => harness().cancel(remoteId)],
    ['refund', (remoteId: string) => harness().refund(remoteId, 500)],
  ] as const)('says at once that there is a %s of an order', async (what, act) => {
    const order = await harness().place({ skus: [['GIFT-CARD-25', 1]] });
    const receiver = await receive();

    await act(order.remoteId);
    const message = await receiver.first((body) => harness().webhooks.isOf(what, body));

    expect(read(message)).toMatchObject({ tasks: ['import_orders'], remoteOrderIds: [order.remoteId] });
  });

  it('are two messages when two orders are paid in one second', async () => {
    const receiver = await receive();
    const place = () => harness().place({ skus: [['GIFT-CARD-25', 1]] });
    const placed = await Promise.all([place(), place()]);

    const payments = await Promise.all(
      placed.map(({ remoteId }) =>
        receiver.next(
          (message) =>
            harness().webhooks.isOf('payment', message.body.toString()) &&
            read(message)?.remoteOrderIds[0] === remoteId,
        ),
      ),
    );

    const events = payments.map((message) => read(message)!);
    expect(new Set(events.map(({ deliveryId }) => deliveryId)).size).toBe(2);
  });

  where(isRepeated)('sends again what was not accepted, under the same delivery id', async () => {
    const receiver = await receive(500);
    await harness().place();

    const refused = await receiver.first(() => true);
    const again = await receiver.next((message) => message.body.equals(refused.body) && message !== refused);

    expect(read(again)).toEqual(read(refused));
  });

  it('refuses a changed byte, a body written anew, and a message without headers', async () => {
    const { body, headers } = synthetic(['12']);
    const changed = Buffer.from(body.toString().replace('12', '13'));
    const anew = Buffer.from(JSON.stringify(JSON.parse(body.toString()), null, 1));

    expect(read({ body: changed, headers }, now)).toBeNull();
    expect(read({ body: anew, headers }, now)).toBeNull();
    expect(read({ body, headers: new Headers() }, now)).toBeNull();
  });

  it('accepts the secret before, while it is being changed', async () => {
    expect(read(synthetic(['12'], 'previous'), now)).toMatchObject({ remoteOrderIds: ['12'] });
  });

  it('refuses a message that was held back for later, where a time is signed', async () => {
    const later = new Date(now.getTime() + 6 * 60_000);

    // Where no time is signed, the delivery id alone recognizes a repetition.
    expect(read(synthetic(['12']), later) === null).toBe(harness().webhooks.isTimed);
  });

  it('keeps ids beyond what a number can hold', async () => {
    const id = '9007199254740993';

    expect(read(synthetic([id]), now)?.remoteOrderIds).toEqual([id]);
  });
}

export async function startReceiver(statuses: number[]) {
  const messages: Message[] = [];
  const waiting: (() => void)[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      messages.push({ body: Buffer.concat(chunks), headers: new Headers(request.headers as Record<string, string>) });
      response.writeHead(statuses.shift() ?? 204).end();
      for (const arrived of waiting.splice(0)) arrived();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const next = async (fits: (message: Message) => boolean): Promise<Message> => {
    for (;;) {
      const found = messages.find(fits);
      if (found) return found;
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    next,
    first: (fits: (body: string) => boolean) => next(({ body }) => fits(body.toString())),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
