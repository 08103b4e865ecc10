import type { invitationLink as en } from '../en/invitation-link.ts';

export const invitationLink: typeof en = {
  send: 'Einladung senden',
  cancel: 'Abbrechen',
  mailed: (email) => `Die Einladung ist unterwegs an ${email}`,
  title: 'Geben Sie diesen Link weiter',
  text: (email) =>
    `Es wurde keine E-Mail verschickt. Senden Sie den Link selbst an ${email}. Er wird nur jetzt gezeigt und gilt einmal. Wer ihn hat, kann annehmen.`,
  link: 'Link der Einladung',
  copy: 'Link kopieren',
  done: 'Fertig',
};
