import { rowsOf } from '../../lib/csv.ts';
import { api, sent } from '../client.ts';

/** What a file has: trackings of orders, or counts of stock. */
export type UploadKind = 'shipments' | 'stock';

export interface FileToSend {
  readonly kind: UploadKind;
  readonly file: File;
  /** Made when the file was chosen: a repeat records nothing twice. */
  readonly key: string;
  /** Of a CSV that is not UTF-8. */
  readonly charset?: string | undefined;
}

export interface UploadedRow {
  /** As a spreadsheet counts them. */
  readonly row: number;
  /** The order's number, or the SKU. */
  readonly name: string;
  readonly tracking: string;
  readonly isRecorded: boolean;
  /** Why not; or what one should know though it is recorded. */
  readonly detail: string;
}

export interface Uploaded {
  readonly rows: readonly UploadedRow[];
  /** The columns that were not read, in a sentence. */
  readonly ignored: string | undefined;
  /** Why the file was not read to its end, and the first row that was not read. */
  readonly stopped: { readonly row: number; readonly detail: string } | undefined;
}

const workbookType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export const isWorkbook = (file: File): boolean => file.type === workbookType || /\.xlsx$/i.test(file.name);

/**
 * Sends a file as it is; each row has its own outcome.
 * @throws ApiError where no row was recorded: `not_utf8`, `invalid_request`, `malformed_request`, `payload_too_large`
 */
export async function sendFile(account: string, { kind, file, key, charset }: FileToSend): Promise<Uploaded> {
  const type = isWorkbook(file) ? workbookType : `text/csv${charset === undefined ? '' : `; charset=${charset}`}`;
  const options = {
    params: { header: { 'idempotency-key': key } },
    headers: { 'content-type': type, accept: 'text/csv' },
    // The file goes in the place of the list that the types ask for.
    body: { items: [] },
    bodySerializer: () => file,
    parseAs: 'text',
  } as const;
  const answer = await sent(() =>
    kind === 'stock'
      ? api(account).POST('/v1/stock/batch', { ...options, body: { items: [] } })
      : api(account).POST('/v1/shipments/batch', { ...options, body: { items: [] } }),
  );
  return uploadedOf(answer);
}

function uploadedOf(answer: string): Uploaded {
  const lines = rowsOf(answer);
  const stopped = lines.find(({ status }) => status === 'stopped');
  return {
    rows: lines
      .filter(({ status }) => status === 'ok' || status === 'failed')
      .map((line) => ({
        row: Number(line['row']),
        name: line['order'] ?? line['sku'] ?? '',
        tracking: line['tracking'] ?? '',
        isRecorded: line['status'] === 'ok',
        detail: line['detail'] ?? '',
      })),
    ignored: lines.find(({ status }) => status === 'ignored')?.['detail'],
    stopped: stopped && { row: Number(stopped['row']), detail: stopped['detail'] ?? '' },
  };
}
