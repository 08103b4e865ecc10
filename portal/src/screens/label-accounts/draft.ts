import type { LabelAccountChange, NewLabelAccount } from '../../../../clients/typescript/src/index.ts';
import type { LabelAccount, LabelProvider } from '../../api/queries/label-accounts.ts';

export const providers = ['test', 'easypost', 'shippo'] as const satisfies readonly LabelProvider[];

/** What is typed in the form of a label account. `carriers`: codes between commas. */
export interface Draft {
  readonly provider: LabelProvider;
  readonly name: string;
  readonly secret: string;
  readonly carriers: string;
}

/** The secret is never shown: it is typed anew. */
export const draftOf = ({ provider, name, carriers }: LabelAccount): Draft => ({
  provider,
  name,
  secret: '',
  carriers: carriers.join(', '),
});

const credentialsOf = ({ secret }: Draft) => ({ apiKey: secret.trim() });

const carriersOf = ({ carriers }: Draft): string[] =>
  carriers
    .split(/[\s,;]+/)
    .map((code) => code.toLowerCase())
    .filter((code) => code !== '');

export function newAccountOf(draft: Draft): NewLabelAccount {
  const { provider } = draft;
  const shared = { name: draft.name.trim(), carriers: carriersOf(draft) };
  return provider === 'test' ? { ...shared, provider } : { ...shared, provider, credentials: credentialsOf(draft) };
}

/** Without a secret the stored one stays. */
export const changeOf = (draft: Draft): LabelAccountChange => ({
  name: draft.name.trim(),
  carriers: carriersOf(draft),
  ...(draft.secret.trim() !== '' && { credentials: credentialsOf(draft) }),
});
