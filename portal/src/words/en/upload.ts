import { count, plural } from '../../lib/format.ts';

export const upload = {
  shipments: {
    title: 'Upload tracking',
    description: 'One row for each order: its number, the carrier and the tracking number. The rows that are right are recorded; the others come back with the reason.', // prettier-ignore
    templates: 'Nothing to send yet? Fill in carrier and tracking number in this file.',
    filled: 'Download orders to ship',
    filledName: 'orders-to-ship.csv',
    name: 'Order',
    afterwards: 'Your merchants have the tracking numbers.',
  },
  stock: {
    title: 'Upload counts',
    description: 'One row for each SKU, with the units that you counted. The rows that are right are stored; the others come back with the reason.', // prettier-ignore
    templates: 'Nothing to send yet? Correct the counts in this file.',
    filled: 'Download the present counts',
    filledName: 'counts.csv',
    name: 'SKU',
    afterwards: 'The new counts are sent with the next Write Inventory Back. Press Sync to send them now.',
  },
  choose: 'Choose a CSV or Excel file',
  chooseCorrected: 'Choose the corrected file',
  hint: 'Or drop it here. Columns may have any order; usual other names are known.',
  template: 'Download an empty template',
  noFile: (name: string) => `${name} was not downloaded`,
  unreadable: (name: string) => `${name} cannot be read. Close it in other programs, then choose it again.`,
  sending: (name: string) => `${name} is being read…`,
  nothingRecorded: (name: string) => `No row of ${name} was recorded`,
  lost: 'The file got no answer. Send it again: no row is recorded twice.',
  sendAsExcel: 'Send it as a CSV of Excel',
  outcome: (recorded: number, failed: number) =>
    `${plural(recorded, 'row', 'rows')} recorded${failed > 0 ? `, ${plural(failed, 'row', 'rows')} not` : ''}`,
  correct: 'Correct the failed rows and send them alone. The others are not recorded again.',
  stopped: (row: number, detail: string) => `The file was read up to row ${count(row)}. ${detail}`,
  downloadFailed: 'Download failed rows',
  failedName: (name: string) => `${name.replace(/\.[^.]*$/, '')}-failed.csv`,
  rows: 'Result of each row',
  row: 'Row',
  rowOf: (row: number, name: string) => `Row ${row} · ${name}`,
  tracking: 'Tracking number',
  result: 'Result',
  recorded: 'Recorded',
  failed: 'Failed',
  more: (rows: number) => `${plural(rows, 'more row', 'more rows')}`,
  done: 'Done',
};
