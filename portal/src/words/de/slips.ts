import type { slips as en } from '../en/slips.ts';

export const slips: typeof en = {
  title: 'Lieferscheine',
};
