/** Sheets that we print on. `4x6`: inches, of label printers. */
export const papers = ['4x6', 'a4', 'letter'] as const;
export type Paper = (typeof papers)[number];

/** What a print job may contain, for each order in this order; the pick list comes first of all. */
export const printables = ['label', 'packing_slip', 'pick_list'] as const;
export type Printable = (typeof printables)[number];

/** In which order the orders of a print job lie. `bin`: by the bin of their first product, as one walks. */
export const pickOrders = ['number', 'sku', 'bin'] as const;
export type PickOrder = (typeof pickOrders)[number];

export const printJobStatuses = ['running', 'done', 'failed'] as const;
export type PrintJobStatus = (typeof printJobStatuses)[number];

export const documentKinds = ['label', 'packing_slip', 'print_job', 'logo'] as const;
export type DocumentKind = (typeof documentKinds)[number];

/** How a document can be read. Labels are stored as PNG; PDF and ZPL are made of them. */
export const documentFormats = ['pdf', 'zpl', 'png'] as const;
export type DocumentFormat = (typeof documentFormats)[number];

export type DocumentMediaType = 'image/png' | 'image/jpeg' | 'application/pdf';

/** The most bytes of a document. */
export const maximumBytes: Readonly<Record<DocumentKind, number>> = {
  label: 2 * 1024 * 1024,
  packing_slip: 8 * 1024 * 1024,
  print_job: 64 * 1024 * 1024,
  logo: 512 * 1024,
};

/** How long a document stays. Null: while it is used. Slips and print jobs can be made again; a label cannot. */
export const daysStored: Readonly<Record<DocumentKind, number | null>> = {
  label: 90,
  packing_slip: 7,
  print_job: 7,
  logo: null,
};

export const printedAtOnce = 200;
export const pagesAtOnce = 1_000;
