import { plural } from '../../lib/format.ts';
import type { suppliers as en } from '../en/suppliers.ts';
import { partners } from './partners.ts';

const orders = (count: number) => plural(count, 'Bestellung', 'Bestellungen');

export const suppliers: typeof en = {
  ...partners,
  title: 'Lieferanten',
  sub: 'Firmen, die für Sie versenden',
  invite: 'Lieferanten einladen',
  columns: { name: 'Lieferant', since: 'Verbunden', status: 'Status', sees: 'Sieht außerdem', actions: 'Aktionen' },
  proposedByThem: (name) => `${name} möchte für Sie versenden`,
  onlyBasics: 'Nur, was immer übergeht',
  empty: 'Noch kein Lieferant',
  emptyHint:
    'Ein Lieferant bekommt Ihre Bestellungen für seine Produkte, versendet sie und schickt die Sendungsnummern von selbst zurück.',
  accepted: (name) => `${name} ist jetzt Ihr Lieferant`,
  inviting: {
    title: 'Lieferanten einladen',
    text: 'Er meldet sich über einen Link an und ist sofort mit Ihnen verbunden. Nichts geht über, bevor Sie ihm Produkte zuordnen.',
    email: 'E-Mail des Lieferanten',
  },
  one: {
    ...partners.one,
    back: 'Lieferanten',
    details: 'Angaben',
    warehouse: 'Sein Bestand liegt in',
    since: 'Lieferant seit',
    showProducts: 'Produkte zeigen',
    paused: 'Angehalten: Neues wird nicht übergeben',
    pausedText: (name) =>
      `Bestellungen, die ${name} hat, laufen weiter, und Sendungsnummern kommen zurück. Neue Bestellungen warten bei Ihnen, bis Sie fortsetzen.`,
    endedText: (name) => `Keine neue Bestellung geht an ${name}. Was er hat, darf er noch versenden.`,
    pauseText: (name) =>
      `Keine neue Bestellung geht an ${name}, bis Sie fortsetzen. Bestellungen, die er hat, laufen weiter. Fortsetzen können Sie jederzeit.`,
    pauseConfirm: 'Lieferanten anhalten',
    endList: [
      'Keine neue Bestellung wird übergeben.',
      'Bestellungen, die der Lieferant hat, laufen zu Ende: Er darf versenden, und die Sendungsnummern kommen in Ihren Shop.',
      'Sein Bestand wird in Ihren Shops nicht mehr angeboten.',
      'Das lässt sich nicht zurücknehmen. Um wieder zusammenzuarbeiten, lädt einer den anderen neu ein.',
    ],
    isResumed: (name) => `${name} bekommt wieder neue Bestellungen`,
  },
  shared: {
    title: 'Was er von einer Bestellung sieht',
    always:
      'Immer: Nummer und Datum der Bestellung, Name und Anschrift des Käufers, Versandart, Ihr Name, und je Position SKU, Name und Menge.',
    never: 'Nie: andere Lieferanten, was diese versenden, Ihren Verlauf.',
    also: 'Außerdem, wenn Sie es einschalten:',
    example: (text) => `Zum Beispiel: ${text}`,
    fields: {
      phone: 'Telefon',
      email: 'E-Mail',
      billTo: 'Rechnungsanschrift',
      customerNote: 'Nachricht des Käufers',
      internalNote: 'Ihre interne Notiz',
      prices: 'Preise, die der Käufer zahlt',
      costs: 'Vereinbarte Kosten',
      tags: 'Schlagworte',
    },
    examples: {
      phone: '+1 503 555 0142',
      email: 'chloe.bennett@example.com',
      billTo: 'Bennett & Co., 12 Pine Street, Portland OR 97205',
      customerNote: '„Bitte an der Hintertür abstellen.“',
      internalNote: '„Zweite Bestellung diese Woche, gut verpacken.“',
      prices: (price) => `${price} je Stück`,
      costs: (cost) => `${cost} je Stück`,
      tags: 'Geschenk, Großhandel',
    },
    on: (field, name) => `${name} sieht es ab der nächsten Bestellung: ${field}`,
    off: (field, name) => `${name} sieht es ab der nächsten Bestellung nicht mehr: ${field}`,
  },
  methods: {
    title: 'Versandarten',
    text: 'Wie Ihre Shops eine Versandart nennen, und wie der Lieferant sie nennt.',
    yours: 'Ihre Versandart',
    theirs: 'Seine Versandart',
    yoursAt: (row) => `Ihre Versandart ${row}`,
    theirsAt: (row) => `Seine Versandart ${row}`,
    remove: (method) => `${method} entfernen`,
    add: 'Versandart hinzufügen',
    others: 'Alle anderen werden zu',
    othersHint: 'Leer: Sie gehen unter Ihrem Namen über.',
    none: 'Keine Versandart ist zugeordnet: Alle gehen unter Ihrem Namen über.',
    save: 'Versandarten speichern',
    saved: 'Versandarten gespeichert',
    twice: (method) => `${method} steht zweimal da.`,
    half: 'Füllen Sie beide Namen aus, oder entfernen Sie die Zeile.',
  },
  goLive: {
    title: 'Start mit alten Bestellungen',
    text: (name) =>
      `Bestellungen, die vor der Zuordnung ihrer Produkte kamen, bleiben bei Ihnen. Hier sind die, die ${name} versenden könnte. Nichts wird übergeben, bevor Sie es auswählen.`,
    since: 'Bestellt seit',
    columns: { order: 'Bestellung', placed: 'Bestellt', goes: 'Ginge über', why: 'Warum' },
    why: 'Zugeordnet, nicht versandt, nie übergeben',
    choose: (number) => `Bestellung ${number} auswählen`,
    chooseAll: 'Alle gezeigten auswählen',
    empty: 'Keine Bestellung zu übergeben',
    emptyHint: (name) =>
      `Hier stünden Bestellungen mit offenen Stücken von Produkten, die ${name} zugeordnet sind, wenn er sie nicht schon hatte.`,
    chosen: (count) => `${orders(count)} ausgewählt`,
    handOn: (count) => `${orders(count)} übergeben`,
    confirmTitle: (count, name) => `${orders(count)} an ${name} übergeben?`,
    confirmText: (name) =>
      `${name} bekommt und versendet sie. Prüfen Sie, dass keine davon schon versandt ist: Sie ginge zweimal hinaus.`,
    cancel: 'Hier behalten',
    done: (count, name) => `${orders(count)} an ${name} übergeben.`,
    partly: (done, failed) => `${orders(done)} übergeben, ${orders(failed)} nicht.`,
    most: 'Wählen Sie höchstens 200 Bestellungen auf einmal.',
    paused: 'Setzen Sie den Lieferanten fort, bevor Sie Bestellungen übergeben.',
  },
};
