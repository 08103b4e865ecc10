import { expect, it } from '@jest/globals';
import { derivedId, newId } from '../../../db/engine/ids.ts';
import { waitUntil } from '../../support/engine/wait-until.ts';

/** Past this millisecond. */
async function aMomentLater(): Promise<void> {
  const now = Date.now();
  await waitUntil(() => Date.now() > now, { everyMs: 1 });
}

it('gives ids that sort by when they were made, to the millisecond', async () => {
  const ids: string[] = [];
  for (let made = 0; made < 20; made += 1) {
    ids.push(newId('listing'));
    await aMomentLater();
  }

  expect([...ids].sort()).toEqual(ids);
});

it('gives ids of which nobody can guess the next', () => {
  const ids = Array.from({ length: 20_000 }, () => newId('order'));

  expect(new Set(ids.map((id) => id.slice(-14))).size).toBe(ids.length);
  expect(ids.every((id) => /^ord_[0-9A-Za-z]{22}$/.test(id))).toBe(true);
  const seen = Array.from({ length: 14 }, (_, place) => new Set(ids.map((id) => id.at(-1 - place))).size);
  expect(seen).toEqual(Array<number>(14).fill(62));
});

it('derives the same id from the same parts, as the rows that are there were named', () => {
  expect(derivedId('task', 'run')).toBe('task_YrPfeMmVA23yklLTs1Pjn8');
  expect(derivedId('task', 'run', 'a')).not.toBe(derivedId('task', 'runa'));
});
