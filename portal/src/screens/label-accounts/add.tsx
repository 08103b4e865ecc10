import { useState } from 'react';
import { createLabelAccount } from '../../api/commands/label-accounts.ts';
import { useCommand } from '../../api/use-command.ts';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { Radio } from '../../components/field.tsx';
import { useToasts } from '../../components/toast.tsx';
import { useIntentKey } from '../../lib/intents.ts';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import { newAccountOf, providers, type Draft } from './draft.ts';
import { AccountFields, hasFaults } from './fields.tsx';
import { useCheck } from './use-check.ts';

/** Adds a label account, then tries it: a bad key is found here, not beside the first parcel. */
export function AddLabelAccount({ onClose }: { readonly onClose: () => void }) {
  const words = useWords().labels.accounts;
  const { say } = useToasts();
  const messageOf = useMessage();
  const create = useCommand(createLabelAccount);
  const { check, isBusy: isChecking } = useCheck();
  const key = useIntentKey();
  const [draft, setDraft] = useState<Draft>({ provider: 'test', name: words.providers.test, secret: '', carriers: '' });
  const choose = (provider: Draft['provider']) => {
    create.reset();
    // A name that nobody has typed follows the provider.
    const isOwn = !providers.some((one) => words.providers[one] === draft.name);
    setDraft({ ...draft, provider, secret: '', name: isOwn ? draft.name : words.providers[provider] });
  };
  const confirm = async () => {
    const { data, error } = await create.run({ key: key.current(), body: newAccountOf(draft) });
    if (error) return key.refused(error);
    say(words.added(data.name));
    await check(data);
    onClose();
  };
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={words.add}
      description={words.text}
      confirm={words.confirm}
      cancel={words.cancel}
      isBusy={create.isBusy || isChecking}
      error={hasFaults(create.error) ? undefined : messageOf(create.error)}
      onConfirm={() => void confirm()}
    >
      <fieldset className="plain">
        <legend>{words.provider}</legend>
        {providers.map((one) => (
          <Radio
            key={one}
            name="provider"
            value={one}
            label={words.providers[one]}
            hint={words.providerHints[one]}
            checked={draft.provider === one}
            onChange={() => choose(one)}
          />
        ))}
      </fieldset>
      <AccountFields draft={draft} error={create.error} isStored={false} onChange={setDraft} />
    </ConfirmDialog>
  );
}
