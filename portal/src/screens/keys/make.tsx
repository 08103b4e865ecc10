import { useState } from 'react';
import { createKey } from '../../api/commands/keys.ts';
import type { Scope } from '../../api/queries/session.ts';
import { useCommand } from '../../api/use-command.ts';
import { Button } from '../../components/button.tsx';
import { Copy } from '../../components/copy.tsx';
import { ConfirmDialog, Dialog } from '../../components/dialog.tsx';
import { Field, Input, Radio } from '../../components/field.tsx';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import { scopes } from './scopes.ts';

interface Made {
  readonly name: string;
  readonly secret: string;
}

/** Asks for a name and what the key may; then shows the key, once. */
export function MakeKey({ onClose }: { readonly onClose: () => void }) {
  const { making: words, scopes: names, scopeHints } = useWords().keys;
  const messageOf = useMessage();
  const make = useCommand(createKey);
  const [name, setName] = useState('');
  const [scope, setScope] = useState<Scope>('read');
  const [made, setMade] = useState<Made>();
  const confirm = async () => {
    const { data } = await make.run({ name: name.trim(), scope });
    if (data?.key === undefined) return;
    setMade({ name: data.name, secret: data.key });
  };
  if (made) return <Secret made={made} onClose={onClose} />;
  const fault = make.error?.errors.find(({ pointer }) => pointer === '/name')?.detail;
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={words.title}
      confirm={words.confirm}
      cancel={words.cancel}
      isBusy={make.isBusy}
      error={fault === undefined ? messageOf(make.error) : undefined}
      onConfirm={() => void confirm()}
    >
      <Field label={words.name} hint={words.nameHint} error={fault}>
        {(ids) => (
          <Input
            {...ids}
            name="name"
            required
            maxLength={100}
            autoComplete="off"
            value={name}
            onChange={({ target }) => setName(target.value)}
          />
        )}
      </Field>
      <fieldset className="plain">
        <legend>{words.may}</legend>
        {scopes.map((one) => (
          <Radio
            key={one}
            name="scope"
            value={one}
            label={names[one]}
            hint={scopeHints[one]}
            checked={scope === one}
            onChange={() => setScope(one)}
          />
        ))}
      </fieldset>
    </ConfirmDialog>
  );
}

/** Closes by its button alone: a press beside it would lose the key for ever. */
function Secret({ made, onClose }: { readonly made: Made; readonly onClose: () => void }) {
  const words = useWords().keys.making;
  return (
    <Dialog
      isOpen
      onClose={() => undefined}
      title={words.doneTitle}
      description={words.doneText(made.name)}
      actions={
        <>
          <Copy text={made.secret} label={words.copy} />
          <Button look="primary" onClick={onClose}>
            {words.done}
          </Button>
        </>
      }
    >
      <Field label={words.key}>
        {(ids) => (
          <Input {...ids} className="mono" readOnly value={made.secret} onFocus={({ target }) => target.select()} />
        )}
      </Field>
    </Dialog>
  );
}
