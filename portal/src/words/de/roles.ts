import type { roles as en } from '../en/roles.ts';

export const roles: typeof en = {
  viewer: 'Lesen',
  packer: 'Versand',
  member: 'Bearbeiten',
  admin: 'Verwalten',
  viewerHint: 'Sieht alles, ändert nichts.',
  packerHint: 'Versendet auch, nimmt Bestellungen an, lehnt sie ab und beantwortet Stornowünsche.',
  memberHint: 'Ändert auch Bestellungen, Produkte, Bestand und Zeitpläne.',
  adminHint: 'Verwaltet auch Personen, API-Schlüssel, Kanäle und Verbindungen.',
};
