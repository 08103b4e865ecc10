import { describe, expect, it } from '@jest/globals';
import { cancel, first, permanently, retry, skip, startRig } from '../support/engine/workflow-rig.ts';
import type { Fakes } from '../support/engine/well-done.ts';
import { forTheFile } from '../support/engine/for-the-file.ts';

const rig = forTheFile(startRig);

/** A dropship whose import is parked. */
async function aParkedImport(fakes: Fakes = { importDropship: permanently('connection_not_active') }) {
  const life = rig.life(fakes);
  await life.start();
  await life.release();
  await life.parked();
  return life;
}

/** A merchant's own shipment whose push is parked. */
async function aParkedPush(fakes: Fakes = { pushShipment: permanently('channel_refused') }) {
  const push = await rig.life(fakes).startPush();
  await push.parked();
  return push;
}

describe('a step whose cause no retry heals', () => {
  it('parks at its first try: support sees step and cause, and what may be decided', async () => {
    const life = await aParkedImport();

    expect(await life.view()).toEqual({ needsAttention: true, code: 'connection_not_active', stage: 'import' });
    expect(life.callsOf('importDropship')).toHaveLength(1);
    expect(life.callsOf('raiseAttention').map((call) => call.input)).toEqual([
      {
        dropshipId: life.dropshipId,
        workflowId: `dropship/${life.dropshipId}`,
        step: 'import',
        code: 'connection_not_active',
      },
    ]);
    const details = await life.details();
    for (const words of ['**import** is parked', '`connection_not_active`', 'resolveAttention', 'retry, cancel']) {
      expect(details).toContain(words);
    }
  });

  it.each([
    ['a code that is ours', 'channel_unauthorized', 'channel_unauthorized'],
    ['a code that is nobody’s', 'Canary Quillfeather', 'unexpected'],
  ])('parks under %s', async (_what, type, code) => {
    const push = await aParkedPush({ pushShipment: permanently(type) });

    expect((await push.view()).code).toBe(code);
    expect(push.callsOf('raiseAttention')[0]!.input).toMatchObject({ code });
  });
});

describe.each(['update', 'signal'] as const)('a decision by %s', (way) => {
  const send = (life: Pick<Awaited<ReturnType<typeof aParkedPush>>, 'resolve' | 'decide'>, resolution: unknown) =>
    way === 'update' ? life.resolve(resolution) : life.decide(resolution);

  it('to retry does the step again and goes on', async () => {
    const push = await aParkedPush({
      pushShipment: first(1, permanently('channel_refused'), () => ({ remoteIds: ['f1'] })),
    });

    await send(push, retry);

    expect(await push.handle.result()).toEqual({ outcome: 'done' });
    expect(push.names()).toEqual(['pushShipment', 'raiseAttention', 'closeAttention', 'pushShipment']);
    expect(push.callsOf('closeAttention')[0]!.input).toMatchObject({ action: 'retry', by: 'ops' });
    expect(await push.view()).toMatchObject({ needsAttention: false, code: undefined });
  });

  it('to skip leaves the step undone and goes on', async () => {
    const push = await aParkedPush();

    await send(push, skip);

    expect(await push.handle.result()).toEqual({ outcome: 'skip' });
    expect(push.callsOf('pushShipment')).toHaveLength(1);
  });

  it('to cancel an import takes the order back', async () => {
    const life = await aParkedImport();

    await send(life, cancel);

    expect(await life.handle.result()).toEqual({ status: 'cancelled' });
    expect(life.names().slice(-2)).toEqual(['closeAttention', 'cancelDropship']);
    expect(await life.view()).toMatchObject({ needsAttention: false, code: undefined });
  });

  it('to retry what is still broken parks anew, with the new cause', async () => {
    const causes = ['channel_refused', 'gone_at_channel'];
    const push = await aParkedPush({ pushShipment: () => permanently(causes.shift() ?? 'unexpected')() });

    await send(push, retry);
    await push.untilCalled('raiseAttention', 2);

    expect(push.callsOf('raiseAttention').map(({ input }) => input['code'])).toEqual([
      'channel_refused',
      'gone_at_channel',
    ]);
    await push.parked();
    expect(await push.resolve(skip)).toBe('done');
  });
});

describe('a step that is parked for long', () => {
  it('goes on waiting in a fresh run: nothing is tried again or sent twice, and nothing is lost', async () => {
    const life = rig.life({ pushShipment: first(1, permanently('channel_refused'), () => ({ remoteIds: ['f1'] })) });
    await life.start();
    await life.release();
    await life.untilStage('awaiting_shipment');
    await life.record(life.shipment(1, { lines: [{ lineId: 'L1', quantity: 1 }] }));
    await life.parked();

    await life.untilFreshRun();

    expect(await life.view()).toEqual({ needsAttention: true, code: 'channel_refused', stage: 'push' });
    expect(await life.details()).toContain(`**push** (shipment \`${life.shipment(1).shipmentId}\`) is parked`);
    await life.record(life.shipment(2, { lines: [{ lineId: 'L1', quantity: 2 }] }));
    expect(life.callsOf('pushShipment')).toHaveLength(1);
    expect(await life.resolve(retry)).toBe('done');
    expect(await life.handle.result()).toEqual({ status: 'complete' });
    expect(life.callsOf('pushShipment')).toHaveLength(3);
    expect(life.callsOf('closeAttention')).toHaveLength(1);
  });

  it('takes a decision as the first thing that the fresh run hears', async () => {
    const life = await aParkedImport({
      importDropship: first(1, permanently('connection_not_active'), () => ({ lines: [] })),
    });

    await life.untilFreshRun();
    expect(await life.resolve(cancel)).toBe('done');

    expect(await life.handle.result()).toEqual({ status: 'cancelled' });
    expect(life.callsOf('importDropship')).toHaveLength(1);
  });
});

describe('a decision that does not fit', () => {
  const junk = [
    null,
    'retry',
    {},
    { action: 'retry' },
    { action: 'explode', by: 'ops' },
    { action: 'retry', by: '' },
    { action: 'retry', by: 'Canary Quillfeather, 7 Peppercorn Alley' },
    { action: 'retry', by: 7 },
    { action: ['retry'], by: 'ops' },
  ];

  it.each(junk)('is refused as `invalid_resolution`: %j', async (resolution) => {
    const push = await aParkedPush();

    expect(await push.resolve(resolution)).toEqual({ refused: 'invalid_resolution' });
    expect((await push.view()).needsAttention).toBe(true);
  });

  it('is refused as `resolution_not_possible` when the step does not take it', async () => {
    const [push, life] = [await aParkedPush(), await aParkedImport()];

    expect(await push.resolve(cancel)).toEqual({ refused: 'resolution_not_possible' });
    expect(await life.resolve(skip)).toEqual({ refused: 'resolution_not_possible' });
  });

  it('is refused as `nothing_parked` when nothing is', async () => {
    const life = rig.life();
    await life.start();
    await life.untilCalled('openDropship');

    expect(await life.resolve(retry)).toEqual({ refused: 'nothing_parked' });
  });

  it('is refused as `nothing_parked` when another one came first', async () => {
    const push = await aParkedPush();

    const answers = await Promise.all([push.resolve(skip), push.resolve(skip), push.resolve(skip)].map(closedOr));

    await push.handle.result();
    expect(answers.filter((answer) => answer === 'done')).toHaveLength(1);
    expect(push.callsOf('closeAttention')).toHaveLength(1);
  });

  it('as a signal is ignored: the step stays parked, and the next good one decides', async () => {
    const push = await aParkedPush();

    for (const resolution of [...junk, cancel]) await push.decide(resolution);
    expect((await push.view()).needsAttention).toBe(true);
    await push.decide(skip);

    expect(await push.handle.result()).toEqual({ outcome: 'skip' });
    expect(push.names()).toEqual(['pushShipment', 'raiseAttention', 'closeAttention']);
  });

  it('as a signal to a workflow that waits for nothing changes nothing, now or later', async () => {
    const life = rig.life({ importDropship: permanently('connection_not_active') });
    await life.start();
    await life.untilCalled('openDropship');

    await life.decide(cancel);
    await life.release();
    await life.parked();

    expect(life.callsOf('closeAttention')).toEqual([]);
  });
});

/** The workflow may have ended before the last of several messages came. */
const closedOr = (answer: Promise<unknown>) => answer.catch(() => 'closed');
