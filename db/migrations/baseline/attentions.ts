import { resolutionActions, resolutionReasons } from '../../../domain/attention.ts';
import { oneOf, secureTable, type Migration } from '../secure.ts';

export const up: Migration['up'] = async (db, roles) => {
  // One open row for each parked step, of an order or of a listing. Where an order waits without a workflow, the row has no workflow id; an order may
  // then wait for its routing and for a decision about an edit, side by side. `reason` and `note`: why a person decided
  // so; a note stays here, since histories hold ids and codes only (law 8). `credentials_version`: that which failed, of the
  // channel or the label account; the label account may be lent by another account.
  await db.raw(`
    create table attentions (
      account_id text not null,
      id text not null,
      order_id text,
      listing_id text,
      dropship_id text,
      shipment_id text,
      channel_id text,
      label_account_id text,
      credentials_version integer,
      workflow_id text,
      step text not null,
      code text not null,
      since timestamptz not null default now(),
      resolved_at timestamptz,
      action text ${oneOf('action', resolutionActions)},
      resolved_by text,
      reason text ${oneOf('reason', resolutionReasons)},
      note text,
      primary key (account_id, id),
      foreign key (account_id, order_id) references orders (account_id, id),
      foreign key (account_id, listing_id) references listings (account_id, id),
      check ((order_id is null) <> (listing_id is null))
    )`);
  await db.raw(
    `create unique index attentions_of_workflow on attentions (account_id, workflow_id) where resolved_at is null`,
  );
  await db.raw(
    `create unique index attentions_of_order on attentions (account_id, order_id, step)
     where resolved_at is null and workflow_id is null`,
  );
  await db.raw(
    `create unique index attentions_of_listing on attentions (account_id, listing_id)
     where resolved_at is null and listing_id is not null`,
  );
  await db.raw(
    `create index attentions_page on attentions (account_id, since desc, id desc) where resolved_at is null`,
  );
  await db.raw(`create index attentions_open on attentions (account_id, order_id) where resolved_at is null`);
  // Of all accounts, for the operator and the sweep.
  await db.raw(`create index attentions_oldest on attentions (since desc, id desc) where resolved_at is null`);
  await db.raw(`create index attentions_of_code on attentions (code) where resolved_at is null`);
  await db.raw(`create index attentions_of_channel on attentions (channel_id) where resolved_at is null`);
  await db.raw(
    `create index attentions_of_label_account on attentions (label_account_id)
     where resolved_at is null and label_account_id is not null`,
  );
  await secureTable(db, roles, {
    name: 'attentions',
    operations: 'select, insert, update',
    systemColumns: [
      'id',
      'account_id',
      'order_id',
      'listing_id',
      'dropship_id',
      'channel_id',
      'label_account_id',
      'credentials_version',
      'workflow_id',
      'step',
      'code',
      'since',
      'resolved_at',
    ],
  });
};
