import type { roles as en } from '../en/roles.ts';

export const roles: typeof en = {
  viewer: 'Lesen',
  packer: 'Versand',
  member: 'Bearbeiten',
  admin: 'Verwalten',
  viewerHint: 'Sieht alles, ändert nichts.',
  packerHint: 'Versendet, nimmt an und lehnt ab.',
  memberHint: 'Arbeitet mit Bestellungen, Bestand und Produkten.',
  adminHint: 'Auch Personen, Schlüssel und Verbindungen.',
};
