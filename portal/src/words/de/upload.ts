import type { upload as en } from '../en/upload.ts';

export const upload: typeof en = {
  title: 'Hochladen',
};
