import type { password as en } from '../en/password.ts';

export const password: typeof en = {
  title: 'Passwort',
};
