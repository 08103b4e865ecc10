import type { invitation as en } from '../en/invitation.ts';

export const invitation: typeof en = {
  title: 'Einladung',
  to: {
    member: (name) => `Mitarbeiten bei ${name}`,
    supplier: (name) => `Versenden für ${name}`,
    merchant: (name) => `Verkaufen, was ${name} versendet`,
  },
  about: {
    member: (name) => `${name} lädt Sie ein, in der Firma mitzuarbeiten.`,
    supplier: (name) =>
      `${name} lädt Sie als Lieferanten ein. Bestellungen für Sie kommen hier an; Sie versenden, und ${name} sieht Ihre Sendungsnummern.`,
    merchant: (name) => `${name} lädt Sie als Händler ein und versendet die Bestellungen, die Sie weitergeben.`,
  },
  invalid: 'Eine Einladung gilt einmal, 7 Tage lang. Bitten Sie um eine neue.',
  name: 'Ihr Name',
  company: 'Ihre Firma',
  newCompany: 'Eine andere Firma',
  accountName: 'Name Ihrer Firma',
  accountNameHint: 'Ihre Partner sehen ihn.',
  password: 'Passwort wählen',
  knownHint: 'Sie haben hier schon einen Zugang. Geben Sie sein Passwort ein.',
  accept: 'Einladung annehmen',
};
