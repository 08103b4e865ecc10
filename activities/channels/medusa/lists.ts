import { z } from 'zod';
import type { Walk } from '../walk.ts';
import type { MedusaApi } from './api.ts';

type Entry = { id: string; created_at?: string; updated_at: string };
/** `name`: of the list in the answer. `by`: the time that the walk follows, since `from`. `size`: of a page. */
type List<Item> = {
  api: MedusaApi;
  path: string;
  name: string;
  fields: string;
  item: z.ZodType<Item>;
  by: 'created_at' | 'updated_at';
  filter?: Readonly<Record<string, string>>;
  from: Date;
  size: number;
};

/**
 * A walk over a list of the shop. Not each list takes ids to leave out, and none can be ordered by a second field. So it asks for
 * as many more as were read already, and leaves those out itself.
 */
export function listWalk<Item extends Entry>(list: List<Item>): Walk<Item> {
  const { api, path, name, fields, item, by, filter, from, size } = list;
  const answer = z.object({ [name]: z.array(item) }).transform((found) => found[name] ?? []);
  return {
    from,
    size,
    read: async ({ after, notIn, take }) => {
      const query = { ...filter, [`${by}[$gt]`]: after, order: by, limit: take + notIn.length, fields };
      const items = await api({ path, query, answer });
      return items.filter(({ id }) => !notIn.includes(id)).slice(0, take);
    },
    idOf: ({ id }) => id,
    timeOf: (entry) => entry[by] ?? entry.updated_at,
  };
}
