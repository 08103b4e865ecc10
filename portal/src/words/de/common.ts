import type { common as en } from '../en/common.ts';

export const common: typeof en = {
  brand: 'Vendor Portals',
  loading: 'Wird geladen …',
  failed: 'Das hat nicht geklappt',
  unreachable: 'Der Dienst antwortet nicht. Prüfen Sie Ihre Verbindung und versuchen Sie es noch einmal.',
  tryAgain: 'Noch einmal',
  request: (id) => `Anfrage ${id}`,
  notFound: 'Diese Seite gibt es nicht',
  notFoundHint: 'Vielleicht wurde sie entfernt, oder Ihre Firma darf sie nicht sehen.',
  stale: (age) => `Stand ${age}. Der Dienst antwortet nicht.`,
  showMore: '25 weitere zeigen',
  close: 'Schließen',
  cancel: 'Abbrechen',
  save: 'Änderungen speichern',
  saved: 'Gespeichert',
  copy: 'Kopieren',
  copied: 'Kopiert',
  none: '–',
  more: 'Mehr',
};
