import type { LabelProviderKind } from '../../../domain/labels/account.ts';
import { LabelError, type ProviderFactory } from '../provider.ts';

const missing: ProviderFactory = () => {
  throw new LabelError({ kind: 'unavailable' });
};

/** Placeholder until the branch `providers` is merged. */
export const labelProviders: Record<LabelProviderKind, ProviderFactory> = {
  test: missing,
  easypost: missing,
  shippo: missing,
};
