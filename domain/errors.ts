/**
 * Every refusal and every cause of a parked step, by its stable code. Clients, runbooks and docs/errors.md use these
 * words; a code, once released, keeps its meaning.
 */
export const errorCodes = [
  // Requests that cannot be read, and requests that are not acceptable.
  'malformed_request',
  'not_utf8',
  'invalid_cursor',
  'invalid_request',
  'unsupported_media_type',
  'payload_too_large',
  'headers_too_large',
  'request_timeout',
  'route_not_found',
  'method_not_allowed',
  'unauthenticated',
  'sign_in_failed',
  'sign_in_needed',
  'link_invalid',
  'too_many_attempts',
  'rate_limited',
  'scope_missing',
  'idempotency_key_reused',
  'request_in_progress',
  'duplicate_in_batch',
  // Things that are not there, or are another account's: alike on purpose.
  'account_not_found',
  'key_not_found',
  'member_not_found',
  'invitation_not_found',
  'device_not_found',
  'connection_not_found',
  'supplier_not_found',
  'channel_not_found',
  'product_not_found',
  'warehouse_not_found',
  'order_not_found',
  'line_not_found',
  'shipment_not_found',
  'dropship_not_found',
  'task_not_found',
  'attention_not_found',
  'schedule_not_found',
  'listing_not_found',
  'label_account_not_found',
  'quote_not_found',
  'label_not_found',
  'document_not_found',
  'print_job_not_found',
  'erasure_not_found',
  // People.
  'password_not_acceptable',
  'member_exists',
  'last_admin',
  // Accounts, connections, channels, products.
  'key_ended',
  'connection_exists',
  'connection_with_itself',
  'connection_transition_refused',
  'connection_not_active',
  'connection_paused',
  'not_the_other_side',
  'sku_taken',
  'warehouse_name_taken',
  'unknown_supplier',
  'two_default_suppliers',
  'default_supplier_missing',
  'channel_is_portal',
  'channel_has_open_orders',
  'channel_not_for_posting',
  'private_address_refused',
  'signature_invalid',
  // Stock and listings.
  'below_zero',
  'stock_of_supplier',
  'sku_missing',
  // Orders, dropships, shipments.
  'remote_id_taken',
  'unknown_sku',
  'currency_differs',
  'order_ambiguous',
  'order_is_split',
  'order_dropshipped',
  'order_already_imported',
  'order_cancelled',
  'order_shipped',
  'dropship_transition_refused',
  'dropship_not_open',
  'dropship_loop',
  'lines_not_assigned',
  'split_refused',
  'cancel_pending',
  'quantity_exceeds_open',
  'nothing_left_to_ship',
  'tracking_already_recorded',
  'shipment_voided',
  'carrier_name_missing',
  'tracking_not_acceptable',
  'ship_date_not_acceptable',
  'no_edit_pending',
  'no_cancel_requested',
  'order_not_received',
  'order_received',
  'order_erased',
  'label_account_missing',
  'label_account_in_use',
  'ship_from_missing',
  'customs_data_missing',
  'carrier_not_allowed',
  'rate_changed',
  'rate_expired',
  'label_not_bought',
  'label_scanned',
  'logo_refused',
  'print_job_too_large',
  'nothing_to_print',
  // Schedules and tasks.
  'interval_not_offered',
  'import_orders_paused',
  // Parked steps.
  'invalid_resolution',
  'resolution_not_possible',
  'nothing_parked',
  'order_edited',
  'cancelled_in_shop',
  'unmapped_sku',
  'line_has_product',
  'sku_changed',
  'rejected_by_supplier',
  'channel_unauthorized',
  'channel_unreachable',
  'channel_rate_limited',
  'too_many_calls',
  'channel_outcome_unknown',
  'channel_refused',
  'held_at_channel',
  'location_not_chosen',
  'gone_at_channel',
  'shipped_after_cancellation',
  'correction_not_possible',
  'void_not_possible',
  'push_in_progress',
  'address_not_deliverable',
  'label_refused',
  'balance_too_low',
  'label_account_unauthorized',
  'label_provider_unreachable',
  'label_outcome_unknown',
  'label_without_shipment',
  'no_answer',
  // Ourselves.
  'overloaded',
  'temporal_unavailable',
  'database_unavailable',
  'storage_full',
  'document_store_unavailable',
  'unexpected',
] as const;

export type ErrorCode = (typeof errorCodes)[number];

/** A fault of a request. `pointer`: a JSON pointer into the body, or `?name` for the query, `:name` for the path. */
export type Fault = { pointer: string; detail: string };

/**
 * A refusal with a stable code. Callers see the message and the faults, and a workflow's history may hold them. So they
 * contain ids, SKUs, quantities and codes, never a name, an address or free text (law 8).
 */
export class DomainError extends Error {
  readonly code: ErrorCode;
  readonly faults: readonly Fault[];

  constructor(code: ErrorCode, message: string, faults: readonly Fault[] = []) {
    super(message);
    this.name = 'DomainError';
    this.code = code;
    this.faults = faults;
  }
}

/** The result of the work, or its refusal. @throws all that is no refusal */
export function orRefusal<T>(work: () => T): T | DomainError {
  try {
    return work();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
}

export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && (errorCodes as readonly string[]).includes(code);
}
