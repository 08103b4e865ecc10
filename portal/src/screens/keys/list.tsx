import { useState } from 'react';
import { revokeKey } from '../../api/commands/keys.ts';
import type { Key } from '../../api/queries/keys.ts';
import { useCommand } from '../../api/use-command.ts';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { Cards, cell, Table, Two } from '../../components/table.tsx';
import { useToasts } from '../../components/toast.tsx';
import { ago, date } from '../../lib/format.ts';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import css from './keys.module.css';
import { highestOf } from './scopes.ts';

export function KeyList({ keys }: { readonly keys: readonly Key[] }) {
  const words = useWords().keys;
  const [leaving, setLeaving] = useState<Key>();
  return (
    <>
      <Table label={words.title} hasCards>
        <thead>
          <tr>
            <th scope="col">{words.columns.key}</th>
            <th scope="col">{words.columns.may}</th>
            <th scope="col">{words.columns.made}</th>
            <th scope="col">{words.columns.used}</th>
            <th scope="col">
              <span className="visually-hidden">{words.columns.actions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {keys.map((key) => (
            <tr key={key.id}>
              <th scope="row">
                <Two main={<b>{key.name}</b>} sub={<Hint of={key} />} />
              </th>
              <td>
                <May of={key} />
              </td>
              <td className={css['time']}>{date(key.createdAt)}</td>
              <td className={css['time']}>{key.lastUsedAt === null ? words.neverUsed : ago(key.lastUsedAt)}</td>
              <td className={cell.end}>
                <State of={key} onRevoke={() => setLeaving(key)} />
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
      <Cards label={words.title}>
        {keys.map((key) => (
          <li key={key.id}>
            <b>{key.name}</b>
            {(key.revokedAt !== null || hasEnded(key)) && <State of={key} onRevoke={() => setLeaving(key)} />}
            <p>
              <Hint of={key} />
            </p>
            <p>
              <May of={key} />
            </p>
            <p>{key.lastUsedAt === null ? words.notUsed : words.used(ago(key.lastUsedAt))}</p>
            {key.revokedAt === null && !hasEnded(key) && (
              <div className={css['cardActions']}>
                <State of={key} onRevoke={() => setLeaving(key)} />
              </div>
            )}
          </li>
        ))}
      </Cards>
      {leaving && <RevokeDialog of={leaving} onClose={() => setLeaving(undefined)} />}
    </>
  );
}

/** The first characters, by which people recognize a key. */
const Hint = ({ of }: { readonly of: Key }) => <code className="mono">{of.hint}</code>;

function May({ of }: { readonly of: Key }) {
  const words = useWords().keys;
  const scope = highestOf(of.scopes);
  return (
    <span className={css['may']}>
      {words.scopes[scope]}
      <small>{words.scopeHints[scope]}</small>
    </span>
  );
}

/** By itself, at its time. */
const hasEnded = ({ expiresAt }: Key): boolean => expiresAt !== null && Date.parse(expiresAt) <= Date.now();

function State({ of, onRevoke }: { readonly of: Key; readonly onRevoke: () => void }) {
  const words = useWords().keys;
  if (of.revokedAt !== null) return <Badge>{words.revokedOn(date(of.revokedAt))}</Badge>;
  if (hasEnded(of)) return <Badge>{words.endedOn(date(of.expiresAt!))}</Badge>;
  return (
    <>
      {of.expiresAt !== null && <small>{words.endsOn(date(of.expiresAt))} </small>}
      <Button size="small" look="danger" aria-label={words.revokeName(of.name)} onClick={onRevoke}>
        {words.revoke}
      </Button>
    </>
  );
}

function RevokeDialog({ of, onClose }: { readonly of: Key; readonly onClose: () => void }) {
  const words = useWords().keys.revoking;
  const { say } = useToasts();
  const messageOf = useMessage();
  const revoke = useCommand(revokeKey);
  const confirm = async () => {
    const { error } = await revoke.run(of.id);
    if (error) return;
    say(words.done(of.name));
    onClose();
  };
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={words.title(of.name)}
      description={words.text}
      confirm={words.confirm}
      cancel={words.cancel}
      look="danger"
      isBusy={revoke.isBusy}
      error={messageOf(revoke.error)}
      onConfirm={() => void confirm()}
    />
  );
}
