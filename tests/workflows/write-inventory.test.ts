import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { noCounts } from '../../domain/task.ts';
import { permanently, startRig, type Rig } from '../support/engine/workflow-rig.ts';
import { emptyPage, type Fakes } from '../support/engine/well-done.ts';

let rig: Rig;
beforeAll(async () => {
  rig = await startRig();
});
afterAll(() => rig.stop());

async function run(fakes: Fakes) {
  const life = rig.life(fakes);
  const talk = await life.begin('writeInventory', { channelId: life.channelId });
  await talk.handle.result();
  return talk;
}

it('writes page after page, from where the one before ended, and sums up', async () => {
  const page = (written: number, next: string | null) => ({
    counts: { ...noCounts(), seen: written + 1, written, failed: 1 },
    failures: [{ item: `lst_of_${next}`, code: 'gone_at_channel' }],
    more: next !== null,
    next,
  });
  const pages = [page(3, 'lst_4'), page(2, 'lst_7'), page(1, null)];

  const talk = await run({ writeInventoryPage: () => pages.shift() });

  expect(talk.callsOf('writeInventoryPage').map(({ input }) => input['after'])).toEqual([null, 'lst_4', 'lst_7']);
  expect(talk.callsOf('finishTask')[0]!.input).toMatchObject({
    counts: { seen: 9, written: 6, failed: 3 },
    failures: [{ item: 'lst_of_lst_4' }, { item: 'lst_of_lst_7' }, { item: 'lst_of_null' }],
    cause: null,
  });
  expect(talk.callsOf('importOrderPage')).toEqual([]);
});

it('imports to the end first where a shop sells by itself, and counts that as no part of its own', async () => {
  const imported = { ...emptyPage, counts: { ...noCounts(), seen: 5, created: 5 } };
  const pages = [{ ...imported, more: true, next: 'o5' }, imported];

  const talk = await run({
    planWriteBack: () => ({ plan: 'import_and_write' }),
    importOrderPage: () => pages.shift(),
    writeInventoryPage: () => ({ ...emptyPage, counts: { ...noCounts(), seen: 1, written: 1 } }),
  });

  expect(talk.names()).toEqual([
    'startTask',
    'planWriteBack',
    'importNamedOrders',
    'importOrderPage',
    'importOrderPage',
    'importAwaitedOrders',
    'writeInventoryPage',
    'finishTask',
  ]);
  expect(talk.callsOf('finishTask')[0]!.input).toMatchObject({ counts: { seen: 1, written: 1, created: 0 } });
});

it('asks the channel nothing when nothing changed', async () => {
  const talk = await run({ planWriteBack: () => ({ plan: 'nothing' }) });

  expect(talk.names()).toEqual(['startTask', 'planWriteBack', 'finishTask']);
});

it.each([
  ['the import of a shop fails', { importOrderPage: permanently('channel_unauthorized') }, 'channel_unauthorized'],
  ['nobody may import', { planWriteBack: () => ({ plan: 'import_paused' }) }, 'import_orders_paused'],
] as const)('writes nothing when %s, and says why', async (_when, fakes, cause) => {
  const talk = await run({ planWriteBack: () => ({ plan: 'import_and_write' }), ...fakes });

  expect(talk.callsOf('writeInventoryPage')).toEqual([]);
  expect(talk.callsOf('finishTask')[0]!.input).toMatchObject({ counts: noCounts(), cause });
});

it('keeps what earlier pages did when a later one fails', async () => {
  const pages = [
    () => ({ ...emptyPage, counts: { ...noCounts(), written: 4 }, more: true, next: 'lst_4' }),
    permanently('channel_unauthorized'),
  ];

  const talk = await run({ writeInventoryPage: () => pages.shift()!() });

  expect(talk.callsOf('finishTask')[0]!.input).toMatchObject({
    counts: { written: 4 },
    cause: 'channel_unauthorized',
  });
});

it('takes the stock of an ended connection away part by part', async () => {
  const parts = [true, true, false];
  const life = rig.life({ withdrawStock: () => ({ more: parts.shift() }) });

  const talk = await life.begin('endConnection', { connectionId: life.channelId.replace('chan_', 'conn_') });
  await talk.handle.result();

  expect(talk.names()).toEqual(['withdrawStock', 'withdrawStock', 'withdrawStock', 'releaseWaiting']);
});
