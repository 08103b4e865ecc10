import type { LabelProviderKind } from '../../../domain/labels/account.ts';
import type { ProviderFactory } from '../provider.ts';
import { openEasyPost } from './easypost/index.ts';
import { openShippo } from './shippo/index.ts';
import { openTestProvider } from './test/index.ts';

/** The providers of labels. docs/labels.md says what a new one needs. */
export const labelProviders: Record<LabelProviderKind, ProviderFactory> = {
  test: openTestProvider,
  easypost: openEasyPost,
  shippo: openShippo,
};
