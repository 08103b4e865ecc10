import { actorKinds } from '../../../domain/account.ts';
import { oneOf, secureTable, type Migration } from '../secure.ts';

export const up: Migration['up'] = async (db, roles) => {
  // What was asked for: one order, or the orders of an e-mail. The e-mail is stored until its orders are found. `open_orders`,
  // `erased_orders`: the topmost orders that were found. `due_at`: when it is worked on next; null once nothing is left to do.
  await db.raw(`
    create table erasures (
      account_id text not null references accounts,
      id text not null,
      order_id text,
      email text check (email = lower(email)),
      open_orders text[] not null default '{}',
      erased_orders text[] not null default '{}',
      actor_kind text not null ${oneOf('actor_kind', actorKinds)},
      actor_id text not null,
      created_at timestamptz not null default now(),
      searched_at timestamptz,
      done_at timestamptz,
      due_at timestamptz default now(),
      primary key (account_id, id),
      foreign key (account_id, order_id) references orders (account_id, id),
      check (email is null or searched_at is null)
    )`);
  await db.raw(`create index erasures_by_time on erasures (account_id, created_at desc, id desc)`);
  await db.raw(`create index erasures_due on erasures (due_at) where due_at is not null`);
  await secureTable(db, roles, {
    name: 'erasures',
    operations: 'select, insert, update',
    systemColumns: ['account_id', 'id', 'due_at'],
  });
};
