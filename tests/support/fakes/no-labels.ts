import type { ProviderTools } from '../../../activities/labels/provider.ts';

/** Where nobody listens: no test reaches a real provider of labels. */
export const noLabelUrls: ProviderTools['urls'] = { easypost: 'http://127.0.0.1:1', shippo: 'http://127.0.0.1:1' };
