import type { Paper, Printable } from '../../domain/paper/paper.ts';
import type { PickListContent } from '../../domain/paper/pick-list.ts';
import type { SlipContent } from '../../domain/paper/slip.ts';

/** A label as its document is stored. The image has the size of the label, 4 × 6 inches as a rule. */
export type LabelSheet = {
  kind: 'label';
  orderId: string;
  image: Uint8Array;
  mediaType: 'image/png' | 'application/pdf';
  isVoid: boolean;
};

/** A part of a print job, on pages of its own. */
export type Sheet =
  LabelSheet | { kind: 'packing_slip'; slip: SlipContent } | { kind: 'pick_list'; list: PickListContent };

/** `today`: an ISO 8601 instant, so that the same job gives the same bytes. */
export type PaperJob = { paper: Paper; sheets: readonly Sheet[]; today: string };

/** A sheet that is left out. `orderId` is null for a pick list. `too_long`: it alone has more pages than a job may have. */
export type PaperFailure = { orderId: string | null; kind: Printable; cause: 'not_readable' | 'too_long' };

/** `pages` 0 and an empty `pdf` where every sheet is left out. */
export type PaperResult = { pdf: Uint8Array; pages: number; failures: PaperFailure[] };
