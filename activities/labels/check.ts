import type { Deps } from '../deps.ts';
import { ownerOfLabelAccount } from '../owners.ts';
import { withLabelAccount } from './open-account.ts';

/** `isTest`: its labels are samples. `carriers`: codes that the account can buy at the provider. */
export type LabelAccountCheck = { isTest: boolean; carriers: string[] };

export const createLabelAccountActivities = (deps: Deps) => ({
  /** Tries the credentials, without cost. */
  async checkLabelAccount({ labelAccountId }: { labelAccountId: string }): Promise<LabelAccountCheck> {
    const accountId = await ownerOfLabelAccount(deps.pool, labelAccountId);
    return withLabelAccount(deps, { accountId, labelAccountId }, async (provider) => {
      const { isTest, carriers } = await provider.check();
      return { isTest, carriers };
    });
  },
});
