import type { merchants as en } from '../en/merchants.ts';
import { partners } from './partners.ts';

export const merchants: typeof en = {
  ...partners,
  title: 'Händler',
  sub: 'Firmen, für die Sie versenden',
  invite: 'Händler einladen',
  columns: { name: 'Händler', since: 'Verbunden', status: 'Status', actions: 'Aktionen' },
  proposedByThem: (name) => `${name} möchte, dass Sie versenden`,
  empty: 'Noch kein Händler',
  emptyHint: 'Hier stünde ein Händler: Seine Bestellungen Ihrer Produkte kommen von selbst, und Sie versenden sie.',
  accepted: (name) => `${name} ist jetzt Ihr Händler`,
  inviting: {
    title: 'Händler einladen',
    text: 'Er meldet sich über einen Link an und ist sofort mit Ihnen verbunden. Er wählt, welche Bestellungen an Sie gehen.',
    email: 'E-Mail des Händlers',
  },
  one: {
    ...partners.one,
    back: 'Händler',
    orders: 'Seine Bestellungen zeigen',
    settingUp: 'Wird eingerichtet',
    settingUpText: 'Die Verbindung entsteht auf beiden Seiten. Das dauert einige Sekunden.',
    pendingTitle: (name) => `${name} möchte, dass Sie versenden`,
    pendingText: 'Sobald Sie annehmen, kommen seine Bestellungen Ihrer Produkte von selbst.',
    pendingYours: (name) => `${name} hat noch nicht geantwortet`,
    declinedTitle: 'Diese Verbindung wurde abgelehnt',
    paused: 'Angehalten: Es kommt nichts Neues',
    pausedText: (name) =>
      `Bestellungen von ${name}, die Sie haben, laufen weiter, und Ihre Sendungsnummern gehen zurück. Neue warten dort, bis Sie fortsetzen.`,
    endedText: (name) => `Von ${name} kommt keine neue Bestellung. Was Sie haben, dürfen Sie noch versenden.`,
    pauseText: (name) =>
      `Von ${name} kommt keine neue Bestellung, bis Sie fortsetzen. Bestellungen, die Sie haben, laufen weiter. Fortsetzen können Sie jederzeit.`,
    pauseConfirm: 'Händler anhalten',
    endList: [
      'Von diesem Händler kommt keine neue Bestellung.',
      'Bestellungen, die Sie haben, laufen zu Ende: Sie dürfen versenden, und die Sendungsnummern gehen zurück.',
      'Ihr Bestand wird in seinen Shops nicht mehr angeboten.',
      'Das lässt sich nicht zurücknehmen. Um wieder zusammenzuarbeiten, lädt einer den anderen neu ein.',
    ],
    isResumed: (name) => `Von ${name} kommen wieder neue Bestellungen`,
  },
};
