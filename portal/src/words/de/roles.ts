import type { roles as en } from '../en/roles.ts';

export const roles: typeof en = {
  viewer: 'Lesen',
  packer: 'Versand',
  member: 'Bearbeiten',
  admin: 'Verwalten',
  viewerHint: 'Sieht alles, ändert nichts.',
  packerHint: 'Sieht alles, versendet und antwortet Händlern.',
  memberHint: 'Versendet und ändert Bestellungen, Produkte, Bestand und Zeitpläne.',
  adminHint: 'Darf alles und verwaltet Personen, Schlüssel, Kanäle und Verbindungen.',
};
