import type { Paper, Printable } from '../../domain/paper/paper.ts';
import type { PickListContent } from '../../domain/paper/pick-list.ts';
import type { SlipContent } from '../../domain/paper/slip.ts';

/** A label as its document is stored. Of a PDF the first page is printed. It is set in its own size, 4 × 6 inches. */
export type LabelSheet = {
  kind: 'label';
  orderId: string;
  labelId: string;
  image: Uint8Array;
  mediaType: 'image/png' | 'application/pdf';
  isVoid: boolean;
};

/** A part of a print job, on pages of its own. */
export type Sheet =
  LabelSheet | { kind: 'packing_slip'; slip: SlipContent } | { kind: 'pick_list'; list: PickListContent };

/** `today`: an ISO 8601 instant, so that the same job gives the same bytes. */
export type PaperJob = { paper: Paper; sheets: readonly Sheet[]; today: string };

/** A sheet that is left out. `orderId` is null for a pick list. `detail` is for the log, not for people. */
export type PaperFailure = {
  orderId: string | null;
  labelId: string | null;
  kind: Printable;
  cause: 'not_readable';
  detail: string;
};

/** `pages` is 0 and `pdf` empty where every sheet is left out. */
export type PaperResult = { pdf: Uint8Array; pages: number; failures: PaperFailure[] };
