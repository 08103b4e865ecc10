import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { createSealer, derivePepper, type Place } from '../../../db/engine/sealing.ts';

const key = randomBytes(32).toString('base64');
const place: Place = { accountId: 'acct_a', table: 'channels', id: 'chan_a', column: 'credentials' };
const credentials = { username: 'superadmin', password: 'a canary' };

describe('a sealed value', () => {
  it('opens where it was sealed, and shows nothing', () => {
    const sealed = createSealer(key).seal(credentials, place);

    expect(createSealer(key).open(sealed, place)).toEqual(credentials);
    expect(sealed.toString('latin1')).not.toContain('canary');
    expect(createSealer(key).seal(credentials, place)).not.toEqual(sealed);
  });

  it.each([{ accountId: 'acct_b' }, { table: 'orders' }, { id: 'chan_b' }, { column: 'settings' }])(
    'does not open elsewhere: %j',
    (elsewhere) => {
      const sealer = createSealer(key);

      expect(() => sealer.open(sealer.seal(credentials, place), { ...place, ...elsewhere })).toThrow();
    },
  );

  it('opens with any key that is known; the first one seals', () => {
    const newest = randomBytes(32).toString('base64');
    const both = createSealer(newest, [key]);
    const [before, now] = [createSealer(key).seal(credentials, place), both.seal(credentials, place)];

    expect([both.open(before, place), both.open(now, place)]).toEqual([credentials, credentials]);
    expect(createSealer(newest).open(now, place)).toEqual(credentials);
    expect(() => createSealer(newest).open(before, place)).toThrow('another ENCRYPTION_KEY');
    expect(both.keyIds).toEqual([createSealer(newest).keyId, createSealer(key).keyId]);
  });

  it('does not open with another key, nor with any byte changed or cut off', () => {
    const sealer = createSealer(key);
    const sealed = sealer.seal(credentials, place);

    expect(() => createSealer(randomBytes(32).toString('base64')).open(sealed, place)).toThrow(
      'another ENCRYPTION_KEY',
    );
    for (let index = 0; index < sealed.length; index += 1) {
      const changed = Buffer.from(sealed);
      changed[index]! ^= 1;
      expect(() => sealer.open(changed, place)).toThrow();
      expect(() => sealer.open(sealed.subarray(0, index), place)).toThrow();
    }
  });
});

it('derives a pepper that is not the key', () => {
  expect(derivePepper(key)).toEqual(derivePepper(key));
  expect(derivePepper(key)).not.toEqual(Buffer.from(key, 'base64'));
});
