import { plural } from '../../lib/format.ts';
import type { slips as en } from '../en/slips.ts';

export const slips: typeof en = {
  title: 'Lieferscheine',
  slip: 'Lieferschein',
  slipOf: (number) => `Lieferschein zu Bestellung ${number}`,
  paper: 'Papier',
  papers: { a4: 'A4', letter: 'Letter' },
  pickFirst: 'Pickliste zuerst',
  pickList: 'Pickliste',
  ofOrders: (count) => `Für ${plural(count, 'Bestellung', 'Bestellungen')}`,
  print: (count) => `${plural(count, 'Lieferschein', 'Lieferscheine')} drucken`,
  none: 'Es sind keine Bestellungen ausgewählt',
  noneHint: 'Wählen Sie in der Liste Bestellungen aus, dann Lieferscheine drucken.',
  missing: (count) =>
    `${plural(count, 'Bestellung ist', 'Bestellungen sind')} nicht hier. Vielleicht wurden sie geteilt oder entfernt.`,
  notMarked: 'Die Bestellungen sind nicht als gedruckt vermerkt',
  shipTo: 'Lieferadresse',
  placed: 'Bestellt',
  method: 'Versandart',
  units: 'Stück',
  sku: 'SKU',
  item: 'Artikel',
  lines: 'Bestellungen',
  packed: 'Gepackt',
  picked: 'Entnommen',
  note: 'Hinweis',
};
