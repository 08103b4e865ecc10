import { dropshipStatuses, endedStatuses } from '../../../domain/dropships/dropship.ts';
import { cancelReasons } from '../../../domain/orders/cancel.ts';
import { oneOf, secureTable, type Migration } from '../secure.ts';

export const up: Migration['up'] = async (db, roles) => {
  // `import_claimed_at`: an import has read the merchant's order; from here on the supplier gets the ship-to that it has.
  // `import_signalled_at`: the dropship's workflow knows that the supplier has the order.
  // `cancel_requested_at`, `cancel_requested_for`: when and why the merchant asked this supplier to cancel. An order that was received and then dropshipped
  // has requests of its own merchant too, which are not passed on before they are accepted.
  await db.raw(`
    create table dropships (
      account_id text not null,
      id text not null unique,
      order_id text not null,
      supplier_id text not null,
      connection_id text not null,
      status text not null ${oneOf('status', dropshipStatuses)},
      supplier_order_id text,
      import_claimed_at timestamptz,
      import_signalled_at timestamptz,
      accepted_at timestamptz,
      expected_ship_at timestamptz,
      cancel_requested_at timestamptz,
      cancel_requested_for text ${oneOf('cancel_requested_for', cancelReasons)},
      created_at timestamptz not null default now(),
      started_at timestamptz,
      ended_at timestamptz,
      primary key (account_id, id),
      foreign key (account_id, order_id) references orders (account_id, id),
      foreign key (account_id, supplier_id) references suppliers (account_id, id)
    )`);
  await db.raw('create index dropships_of_supplier on dropships (account_id, supplier_id, created_at desc)');
  await db.raw('create index dropships_of_order on dropships (account_id, order_id)');
  await db.raw(
    `create unique index dropships_living on dropships (account_id, order_id) where status not in (${endedStatuses.map((status) => `'${status}'`).join(', ')})`,
  );
  await db.raw(
    `create index dropships_waiting on dropships (account_id, connection_id, created_at) where status = 'requested'`,
  );
  await db.raw(`create index dropships_to_start on dropships (created_at) where started_at is null`);
  await db.raw(
    `create index dropships_to_signal on dropships (import_claimed_at) where status = 'imported' and import_signalled_at is null`,
  );
  await secureTable(db, roles, {
    name: 'dropships',
    operations: 'select, insert, update',
    systemColumns: [
      'id',
      'account_id',
      'order_id',
      'connection_id',
      'status',
      'created_at',
      'started_at',
      'import_claimed_at',
      'import_signalled_at',
    ],
  });
};
