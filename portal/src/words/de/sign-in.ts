import type { signIn as en } from '../en/sign-in.ts';

export const signIn: typeof en = {
  title: 'Anmelden',
  email: 'E-Mail',
  password: 'Passwort',
  submit: 'Anmelden',
  byLink: 'Anmelde-Link per E-Mail senden',
  linkSent: 'Falls diese E-Mail hier jemandem gehört, ist ein Link unterwegs. Er gilt 15 Minuten, einmal.',
  forgotten:
    'Noch kein Passwort? Öffnen Sie den Link in Ihrer Einladung, oder lassen Sie sich einen Anmelde-Link senden.',
  emailFirst: 'Geben Sie zuerst Ihre E-Mail ein.',
  pitch: 'Bestellungen kommen zu dem, der sie versendet. Sendungsnummern kommen von selbst zurück.',
  points: [
    'Nur Ihre Positionen, in einer Liste',
    'Eine Sendungsnummer, in Sekunden beim Händler und in seinem Shop',
    'Ihr Bestand in jedem Shop, kein Stück doppelt gezählt',
  ],
  present: (email) =>
    `Sie sind als ${email} angemeldet. Der Link kann einer anderen Person gehören: Fahren Sie nur fort, wenn Sie ihn erwarten.`,
  useLink: 'Mit dem Link anmelden',
  stay: 'So angemeldet bleiben',
  signingIn: 'Sie werden angemeldet …',
  linkFailed: 'Dieser Link gilt nicht mehr',
  linkFailedHint:
    'Ein Link gilt einmal und nur kurz. Lassen Sie sich einen neuen senden, oder melden Sie sich mit Ihrem Passwort an.',
  toSignIn: 'Zur Anmeldung',
};
