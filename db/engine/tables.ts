import type { Knex } from 'knex';

/**
 * Every table and its columns: the class of the type, with `?` where it may be null. The query builder is typed by it,
 * and `tests/db/tables.test.ts` compares it with the migrated database. Raw SQL is not checked.
 */
// prettier-ignore
export const tables = {
  accounts: { account_id: 'text', name: 'text', order_retention_days: 'integer?', created_at: 'time' },
  api_keys: {
    account_id: 'text', id: 'text', name: 'text', key_hash: 'bytes', hint: 'text', scopes: 'texts', created_at: 'time',
    last_used_at: 'time?', revoked_at: 'time?', expires_at: 'time?', replaced_by: 'text?',
  },
  attentions: {
    account_id: 'text', id: 'text', order_id: 'text?', listing_id: 'text?', dropship_id: 'text?', shipment_id: 'text?', channel_id: 'text?',
    label_account_id: 'text?', credentials_version: 'integer?', workflow_id: 'text?', step: 'text', code: 'text', since: 'time',
    resolved_at: 'time?', action: 'text?', resolved_by: 'text?', reason: 'text?', note: 'text?',
  },
  audit_chain: { account_id: 'text', sequence: 'bigint', event_id: 'text', hash: 'bytes' },
  audit_events: {
    account_id: 'text', id: 'text', action: 'text', subject_id: 'text', actor_kind: 'text', actor_id: 'text',
    request_id: 'text?', occurred_at: 'time', details: 'json', before: 'json?', after: 'json?',
  },
  awaited_orders: { account_id: 'text', channel_id: 'text', remote_id: 'text', first_seen_at: 'time' },
  brands: {
    account_id: 'text', merchant_account_id: 'text', revision: 'integer', copied_revision: 'integer', display_name: 'text', message: 'text?',
    return_address: 'json?', logo_id: 'text?', show_prices: 'boolean', show_supplier: 'boolean', language: 'text',
    updated_at: 'time',
  },
  channel_cursors: { account_id: 'text', channel_id: 'text', task: 'text', cursor: 'text', updated_at: 'time' },
  channel_schedules: {
    account_id: 'text', channel_id: 'text', task: 'text', every_ms: 'bigint', paused: 'boolean', seen_at: 'time',
  },
  channels: {
    account_id: 'text', id: 'text', kind: 'text', name: 'text', settings: 'json', credentials: 'bytes?',
    credentials_key_id: 'text?', credentials_version: 'integer', renewing_until: 'time?', connection_id: 'text?', shares_label_cost: 'boolean', health_status: 'text', health_code: 'text?',
    health_since: 'time?', scheduled_at: 'time?', webhooks_due_at: 'time', created_at: 'time', deleted_at: 'time?',
  },
  connections: {
    id: 'text', merchant_account_id: 'text', supplier_account_id: 'text', status: 'text', proposed_by: 'text',
    created_at: 'time', activated_at: 'time?', set_up_at: 'time?', stock_withdrawn_at: 'time?',
  },
  documents: {
    account_id: 'text', id: 'text', kind: 'text', order_id: 'text?', label_id: 'text?', media_type: 'text', size: 'integer',
    sha256: 'bytes', bytes: 'bytes?', created_at: 'time', expires_at: 'time?',
  },
  dropships: {
    account_id: 'text', id: 'text', order_id: 'text', supplier_id: 'text', connection_id: 'text', status: 'text',
    supplier_order_id: 'text?', import_claimed_at: 'time?', import_signalled_at: 'time?', accepted_at: 'time?', expected_ship_at: 'time?',
    cancel_requested_at: 'time?', cancel_requested_for: 'text?', created_at: 'time', started_at: 'time?',
    ended_at: 'time?',
  },
  erasures: {
    account_id: 'text', id: 'text', order_id: 'text?', email: 'text?', open_orders: 'texts', erased_orders: 'texts',
    actor_kind: 'text', actor_id: 'text', created_at: 'time', searched_at: 'time?', done_at: 'time?', due_at: 'time?',
  },
  idempotency_keys: {
    account_id: 'text', key: 'text', fingerprint: 'text', status: 'integer?', answer: 'json?', created_at: 'time',
  },
  inbound_webhooks: {
    account_id: 'text', id: 'text', channel_id: 'text', delivery_id: 'text', task: 'text?', remote_order_ids: 'texts',
    received_at: 'time', processed_at: 'time?',
  },
  installation_secrets: { account_id: 'text', name: 'text', sealed: 'bytes', key_id: 'text?' },
  invitations: {
    account_id: 'text', id: 'text', kind: 'text', email: 'text', role: 'text', token_hash: 'bytes', created_by: 'text', created_at: 'time',
    expires_at: 'time', sent_at: 'time?', accepted_at: 'time?', accepted_by: 'text?', withdrawn_at: 'time?',
  },
  label_accounts: {
    account_id: 'text', id: 'text', provider: 'text', name: 'text', credentials: 'bytes?', credentials_key_id: 'text?',
    credentials_version: 'integer', carriers: 'texts', health_status: 'text', health_code: 'text?', health_since: 'time?', created_at: 'time',
    deleted_at: 'time?',
  },
  label_quotes: {
    account_id: 'text', id: 'text', rating_id: 'text', position: 'integer', provider_rate_id: 'text?', carrier: 'text', carrier_name: 'text',
    service: 'text', delivery_days: 'integer?', cost_minor: 'bigint?', cost_currency: 'text?',
  },
  label_ratings: {
    account_id: 'text', id: 'text', order_id: 'text', label_account_id: 'text', payer: 'text', lent_to: 'text?',
    is_return: 'boolean', content: 'json', provider_shipment_id: 'text?', failures: 'json', created_at: 'time',
    expires_at: 'time',
  },
  labels: {
    account_id: 'text', id: 'text', order_id: 'text', rating_id: 'text?', quote_id: 'text?', label_account_id: 'text?',
    payer: 'text', lent_to: 'text?', is_return: 'boolean', status: 'text', content: 'json', carrier: 'text?',
    carrier_name: 'text?', service: 'text?', tracking_number: 'text?', tracking_url: 'text?', shipment_id: 'text?',
    provider_shipment_id: 'text?', provider_rate_id: 'text?', provider_label_id: 'text?', purchase_sent_at: 'time?', purchase_lost_at: 'time?', max_cost_minor: 'bigint?',
    max_cost_currency: 'text?', cost_minor: 'bigint?', cost_currency: 'text?', failure: 'text?', refund: 'text',
    refund_asked_at: 'time?', refund_look_at: 'time?', document_id: 'text?', actor_kind: 'text', actor_id: 'text',
    created_at: 'time', started_at: 'time?', bought_at: 'time?', recorded_at: 'time?', void_requested_at: 'time?',
    voided_at: 'time?',
  },
  listings: {
    account_id: 'text', id: 'text', channel_id: 'text', product_id: 'text?', linked_by: 'text', remote_id: 'text',
    remote_sku: 'text', linked_sku: 'text', stock_version: 'integer', synced_version: 'integer', sent_version: 'integer',
    failures: 'integer', cause: 'text?', suspended_at: 'time?', delisted_at: 'time?', created_at: 'time',
  },
  memberships: {
    account_id: 'text', user_id: 'text', role: 'text', name: 'text', email: 'text', joined_at: 'time', seen_at: 'time?',
    ended_at: 'time?',
  },
  order_events: {
    account_id: 'text', id: 'text', order_id: 'text', type: 'text', actor_kind: 'text', actor_id: 'text',
    occurred_at: 'time', position: 'bigint', data: 'json',
  },
  order_lines: {
    account_id: 'text', id: 'text', order_id: 'text', position: 'integer', product_id: 'text?', remote_line_id: 'text', remote_product_id: 'text?',
    sku: 'text', name: 'text', quantity: 'integer', shipped: 'integer', cancelled: 'integer',
    cancel_requested: 'integer', cancelled_in_shop: 'integer', let_ship: 'integer', requires_shipping: 'boolean', unit_price_minor: 'bigint?', unit_cost_minor: 'bigint?', warehouse_id: 'text?',
    reserved_version: 'integer?', supplier_reserved_version: 'integer?', shipped_before: 'integer',
  },
  orders: {
    account_id: 'text', id: 'text', channel_id: 'text', remote_id: 'text', number: 'text', parent_id: 'text?',
    status: 'text', placed_at: 'time', currency: 'text', ship_to: 'json', bill_to: 'json?', customer: 'json?',
    customer_note: 'text?', internal_note: 'text?', tags: 'texts', shipping_method: 'text?', content_hash: 'text',
    dropship_id: 'text?', merchant_name: 'text?', via: 'texts', accepted_at: 'time?', expected_ship_at: 'time?',
    cancel_requested_at: 'time?', cancel_requested_for: 'text?', cancel_declined_at: 'time?',
    cancel_declined_for: 'text?', cancelled_at: 'time?', cancelled_for: 'text?',
    rejected_for: 'text?', refunded_minor: 'bigint', shop_facts: 'json?', pending_edit: 'json?', dismissed_edit: 'text?',
    push_claimed_by: 'text?', push_claimed_until: 'time?', printed_at: 'time?', looked_at: 'time?', erased_at: 'time?', due_at: 'time', created_at: 'time',
  },
  print_jobs: {
    account_id: 'text', id: 'text', status: 'text', order_ids: 'texts', documents: 'texts', paper: 'text', sort: 'text',
    pages: 'integer?', document_id: 'text?', failures: 'json', cause: 'text?', actor_kind: 'text', actor_id: 'text',
    created_at: 'time', started_at: 'time?', finished_at: 'time?',
  },
  product_suppliers: {
    account_id: 'text', product_id: 'text', supplier_id: 'text', supplier_sku: 'text?', cost_minor: 'bigint?',
    cost_currency: 'text?', is_default: 'boolean',
  },
  products: {
    account_id: 'text', id: 'text', sku: 'text', sku_key: 'text?', name: 'text', fulfillment_type: 'text', stock_version: 'integer',
    stock_set_at: 'time?', weight_grams: 'integer?', hs_code: 'text?', origin_country: 'text?', customs_value_minor: 'bigint?',
    customs_value_currency: 'text?', bin: 'text?', created_at: 'time', updated_at: 'time',
  },
  rate_leases: { account_id: 'text', subject: 'text', holder: 'text', until: 'time' },
  sessions: {
    id: 'text', user_id: 'text', token_hash: 'bytes', user_agent: 'text?', created_at: 'time', seen_at: 'time',
    expires_at: 'time', ended_at: 'time?', by_link_at: 'time?', renews: 'boolean',
  },
  shipment_lines: { account_id: 'text', shipment_id: 'text', line_id: 'text', quantity: 'integer', warehouse_id: 'text?' },
  shipment_texts: {
    account_id: 'text', id: 'text', order_id: 'text', carrier_name: 'text?', tracking_url: 'text?', service: 'text?', created_at: 'time',
  },
  shipments: {
    account_id: 'text', id: 'text', order_id: 'text', dropship_id: 'text?', method: 'text', carrier: 'text?',
    carrier_name: 'text?', tracking_number: 'text?', tracking_url: 'text?', service: 'text?', shipped_at: 'time', label_cost_minor: 'bigint?',
    label_cost_currency: 'text?', status: 'text', revision: 'integer', remote_ids: 'texts', push_started_at: 'time?',
    relayed_at: 'time?', pushed_at: 'time?', confirmed_at: 'time?', sent_revision: 'integer?', sent_tracking: 'json?',
    pushed_revision: 'integer?', void_reason: 'text?', voided_at: 'time?', tracking_key: 'text?', created_at: 'time',
  },
  sign_in_attempts: { account_id: 'text', id: 'text', kind: 'text', subject: 'bytes', at: 'time' },
  sign_in_links: {
    user_id: 'text', token_hash: 'bytes', by_mail: 'boolean', created_at: 'time', expires_at: 'time', used_at: 'time?',
  },
  stock: {
    account_id: 'text', product_id: 'text', warehouse_id: 'text', physical_on_hand: 'integer', committed: 'integer',
    applied_version: 'integer?', withdrawn: 'boolean',
  },
  stock_changes: {
    account_id: 'text', id: 'text', product_id: 'text', warehouse_id: 'text', before: 'integer', after: 'integer',
    adjust_by: 'integer?', reason: 'text?', actor_kind: 'text', actor_id: 'text', request_id: 'text?', changed_at: 'time',
  },
  suppliers: {
    account_id: 'text', id: 'text', connection_id: 'text', name: 'text', shared_fields: 'texts',
    shipping_methods: 'json', default_shipping_method: 'text?', label_policy: 'text', lent_label_account_id: 'text?',
    lent_services: 'texts', max_label_cost_minor: 'bigint?', max_label_cost_currency: 'text?', created_at: 'time',
  },
  tasks: {
    account_id: 'text', id: 'text', channel_id: 'text', type: 'text', trigger: 'text', status: 'text', counts: 'json',
    failures: 'json', cause: 'text?', workflow_id: 'text', run_id: 'text', started_at: 'time', finished_at: 'time?',
    next_run_at: 'time?',
  },
  users: {
    id: 'text', email: 'text', name: 'text', password_hash: 'text?', staff: 'boolean', verified_at: 'time?',
    created_at: 'time', disabled_at: 'time?',
  },
  warehouses: { account_id: 'text', id: 'text', name: 'text', supplier_id: 'text?', address: 'json?', created_at: 'time' },
} as const satisfies Readonly<Record<string, Readonly<Record<string, Column>>>>;

/** `bigint` arrives as text. `json` and `texts` are written as text and as an array. */
type Read = {
  text: string;
  texts: string[];
  integer: number;
  bigint: string;
  boolean: boolean;
  time: Date;
  json: unknown;
  bytes: Buffer;
};
type Written = Omit<Read, 'texts' | 'bigint' | 'time' | 'json'> & {
  texts: readonly string[];
  bigint: number | string;
  time: Date | string;
  json: string;
};
export type ColumnClass = keyof Read;
type Column = ColumnClass | `${ColumnClass}?`;

type Value<
  Types extends Record<ColumnClass, unknown>,
  C extends Column,
> = C extends `${infer Class extends ColumnClass}?` ? Types[Class] | null : C extends ColumnClass ? Types[C] : never;

type Table = Readonly<Record<string, Column>>;
type Row<T extends Table> = { [C in keyof T]: Value<Read, T[C]> };
type Change<T extends Table> = {
  [C in keyof T]?:
    Value<Written, T[C]> | Knex.Raw | Knex.Ref<string, Record<string, string>> | Knex.QueryBuilder | undefined;
};

type Declared = {
  [T in keyof typeof tables]: Knex.CompositeTableType<
    Row<(typeof tables)[T]>,
    Change<(typeof tables)[T]>,
    Change<(typeof tables)[T]>
  >;
};

declare module 'knex/types/tables.js' {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- an interface is the only thing that merges
  interface Tables extends Declared {}
}
