import { describe, expect, it } from '@jest/globals';
import { runsOf, type SyncChannel } from '../../domain/sync.ts';

const aPortal = (id: string, connectionStatus: SyncChannel['connectionStatus'] = 'active'): SyncChannel => ({
  id,
  name: `Merchant ${id}`,
  kind: 'portal',
  settings: {},
  connectionStatus,
});
const aShop = (settings: SyncChannel['settings'] = {}): SyncChannel => ({
  id: 'shop',
  name: 'Shop',
  kind: 'api',
  settings,
  connectionStatus: null,
});
const both = ['import_orders', 'write_inventory'] as const;
const all = { tasks: both, areNamed: false };

describe('a Sync of several channels', () => {
  it('runs each task on each channel that has it', () => {
    const callback = aShop({ callbackUrl: 'https://shop.test' });

    expect(runsOf([aPortal('a'), aPortal('b'), callback, aShop()], all)).toEqual({
      wanted: [
        { channelId: 'a', channelName: 'Merchant a', task: 'import_orders' },
        { channelId: 'a', channelName: 'Merchant a', task: 'write_inventory' },
        { channelId: 'b', channelName: 'Merchant b', task: 'import_orders' },
        { channelId: 'b', channelName: 'Merchant b', task: 'write_inventory' },
        { channelId: 'shop', channelName: 'Shop', task: 'write_inventory' },
      ],
      failed: [],
    });
  });

  it('names a paused connection, and passes over one that has ended or is only proposed', () => {
    const channels = [aPortal('a', 'paused'), aPortal('b', 'ended'), aPortal('c', 'pending')];

    expect(runsOf(channels, { ...all, tasks: ['import_orders'] })).toEqual({
      wanted: [],
      failed: [{ channelId: 'a', channelName: 'Merchant a', task: 'import_orders', code: 'connection_paused' }],
    });
  });

  it('names each channel that was asked for', () => {
    const { failed } = runsOf([aPortal('b', 'ended')], { tasks: both, areNamed: true });

    expect(failed.map(({ task, code }) => [task, code])).toEqual([
      ['import_orders', 'connection_not_active'],
      ['write_inventory', 'connection_not_active'],
    ]);
  });
});
