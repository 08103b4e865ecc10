import { resolutionReasons } from '../../domain/attention.ts';
import { oneOf, type Migration } from './secure.ts';

/** Why a person decided as it did. A note stays here: histories carry ids and codes only. */
export const up: Migration['up'] = async (db) => {
  await db.raw(
    `alter table attentions add column reason text ${oneOf('reason', resolutionReasons)}, add column note text`,
  );
};
