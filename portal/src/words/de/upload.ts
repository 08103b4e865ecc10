import { count, plural } from '../../lib/format.ts';
import type { upload as en } from '../en/upload.ts';

export const upload: typeof en = {
  shipments: {
    title: 'Sendungsnummern hochladen',
    description: 'Eine Zeile für jede Bestellung: Nummer, Paketdienst und Sendungsnummer. Richtige Zeilen werden gespeichert; die anderen erhalten Sie mit dem Grund zurück.', // prettier-ignore
    templates: 'Noch keine Datei? Tragen Sie Paketdienst und Sendungsnummer in diese ein.',
    filled: 'Offene Bestellungen herunterladen',
    filledName: 'offene-bestellungen.csv',
    name: 'Bestellung',
    afterwards: 'Ihre Händler haben die Sendungsnummern.',
  },
  stock: {
    title: 'Zählung hochladen',
    description: 'Eine Zeile für jede SKU mit der gezählten Menge. Richtige Zeilen werden gespeichert; die anderen erhalten Sie mit dem Grund zurück.', // prettier-ignore
    templates: 'Noch keine Datei? Berichtigen Sie die Mengen in dieser.',
    filled: 'Jetzige Bestände herunterladen',
    filledName: 'bestand.csv',
    name: 'SKU',
    afterwards:
      'Die neuen Bestände gehen mit dem nächsten „Bestand zurückschreiben“ hinaus. Mit „Abgleichen“ gehen sie sofort.',
  },
  choose: 'CSV- oder Excel-Datei wählen',
  chooseCorrected: 'Berichtigte Datei wählen',
  hint: 'Oder hierher ziehen. Die Spalten dürfen in jeder Reihenfolge stehen; übliche andere Namen sind bekannt.',
  template: 'Leere Vorlage herunterladen',
  noFile: (name) => `${name} wurde nicht heruntergeladen`,
  unreadable: (name) =>
    `${name} lässt sich nicht lesen. Schließen Sie die Datei in anderen Programmen und wählen Sie sie noch einmal.`,
  sending: (name) => `${name} wird gelesen …`,
  nothingRecorded: (name) => `Keine Zeile von ${name} wurde gespeichert`,
  lost: 'Die Datei blieb ohne Antwort. Senden Sie sie noch einmal: keine Zeile wird doppelt gespeichert.',
  sendAsExcel: 'Als CSV aus Excel senden',
  outcome: (recorded, failed) =>
    `${plural(recorded, 'Zeile', 'Zeilen')} gespeichert${failed > 0 ? `, ${plural(failed, 'Zeile', 'Zeilen')} nicht` : ''}`,
  correct: 'Berichtigen Sie diese Zeilen und senden Sie nur sie. Die anderen werden nicht noch einmal gespeichert.',
  stopped: (row, detail) => `Die Datei wurde bis Zeile ${count(row)} gelesen. ${detail}`,
  downloadFailed: 'Fehlerhafte Zeilen herunterladen',
  failedName: (name) => `${name.replace(/\.[^.]*$/, '')}-fehlerhaft.csv`,
  rows: 'Ergebnis jeder Zeile',
  row: 'Zeile',
  rowOf: (row, name) => `Zeile ${row} · ${name}`,
  tracking: 'Sendungsnummer',
  result: 'Ergebnis',
  recorded: 'Gespeichert',
  failed: 'Nicht gespeichert',
  more: (rows) => `${plural(rows, 'weitere Zeile', 'weitere Zeilen')}`,
  done: 'Fertig',
};
