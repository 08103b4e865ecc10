import { setHandler } from '@temporalio/workflow';
import { rows } from './activities.ts';
import { brandChanged } from './messages.ts';

/** A merchant's brand changed: each of its suppliers gets a copy. A change meanwhile is copied by the same run. */
export async function copyBrand({ accountId }: { accountId: string }): Promise<void> {
  let changes = 0;
  setHandler(brandChanged, () => void (changes += 1));
  for (let more = true; more;) {
    const seen = changes;
    const first = await rows.copyBrand({ accountId, after: '' });
    for (let after = first.last; after !== null;) ({ last: after } = await rows.copyBrand({ accountId, after }));
    const confirmed = await rows.confirmBrandCopied({ accountId, revision: first.revision });
    more = confirmed.more || changes > seen;
  }
}
