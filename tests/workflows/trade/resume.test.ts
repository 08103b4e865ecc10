import { expect, it } from '@jest/globals';
import { startCallbackShop } from '../../support/fakes/callback-shop.ts';
import { inGroups } from '../../support/trade/cancel-trade.ts';
import { parkedPushes } from '../../support/trade/parked-pushes.ts';
import { aCompany, anApiChannel, aProduct } from '../../support/trade/trade.ts';
import { waitUntil } from '../../support/engine/wait-until.ts';
import { startWorld } from '../../support/trade/world.ts';
import { callingBack } from '../../support/trade/trading-world.ts';
import { forTheFile } from '../../support/engine/for-the-file.ts';

const endpoint = forTheFile(startCallbackShop);
const world = forTheFile(() => startWorld({ allowedHosts: [endpoint.host], sweepMs: 500 }));

it('brings a shop what was parked behind its old credentials: the longest waiting first, five at a time', async () => {
  const merchant = await aCompany(world);
  const settings = callingBack(endpoint);
  const channelId = await anApiChannel(merchant, settings);
  const sku = await aProduct(merchant);
  await endpoint.answer('unauthorized');
  const waiting = await parkedPushes(merchant, { channelId, sku, count: 45 });
  const takesMs = 200;
  await endpoint.answer({ delayMs: takesMs });

  await merchant.rest.patch(`/channels/${channelId}`, { settings });

  const sent = await waitUntil(async () => (await endpoint.done()).length >= waiting.length && endpoint.done(), {
    timeoutMs: 60_000,
  });
  const order = sent.map(({ message }) => waiting.indexOf(message!['shipmentId'] as string));
  expect([...order].sort((one, other) => one - other)).toEqual(waiting.map((_, index) => index));
  // Those at work at one time overtake each other, nobody else is overtaken.
  order.forEach((place, index) => expect(Math.abs(place - index)).toBeLessThan(5));
  const times = sent.map(({ at }) => Date.parse(at));
  const atOnce = times.map((start) => times.filter((time) => time >= start && time < start + takesMs).length);
  expect(Math.max(...atOnce)).toBeLessThanOrEqual(5);
  const confirmed = () =>
    inGroups(waiting, (id) => merchant.rest.get<{ confirmedAt: string | null }>(`/shipments/${id}`));
  await waitUntil(async () => (await confirmed()).every(({ confirmedAt }) => confirmedAt), { timeoutMs: 30_000 });
  expect((await merchant.rest.get<{ data: object[] }>('/attentions')).data).toEqual([]);
}, 120_000);
