import type { password as en } from '../en/password.ts';

export const password: typeof en = {
  title: 'Ihr Passwort',
  current: 'Bisheriges Passwort',
  next: 'Neues Passwort',
  hint: 'Mindestens 12 Zeichen. Drei oder vier Wörter merkt man sich leicht.',
  save: 'Passwort speichern',
  saved: 'Passwort gespeichert',
  savedHint: 'Überall sonst sind Sie abgemeldet.',
};
