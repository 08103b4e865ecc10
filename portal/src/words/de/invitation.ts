import type { invitation as en } from '../en/invitation.ts';

export const invitation: typeof en = {
  title: 'Einladung',
};
