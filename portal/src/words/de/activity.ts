import type { activity as en } from '../en/activity.ts';

export const activity: typeof en = {
  title: 'Abläufe',
};
