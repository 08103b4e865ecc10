import { describe, expect, it } from '@jest/globals';
import { decodeCursor, encodeCursor } from '../../../db/engine/paging.ts';
import { DomainError } from '../../../domain/errors.ts';

describe('a cursor', () => {
  it('comes back as it was', () => {
    const position = { at: '2026-11-22 10:00:00.123456+00', id: 'ord_1' };

    expect(decodeCursor(encodeCursor(position))).toEqual(position);
  });

  it.each(['2026-02-31 10:00:00+00', '2026-13-01 10:00:00+00', '0000-01-01 10:00:00+00', '2026-01-01 25:00:00+00'])(
    'with a time that no row has, %s, is refused',
    (at) => {
      expect(() => decodeCursor(encodeCursor({ at, id: 'ord_1' }))).toThrow(DomainError);
    },
  );
});
