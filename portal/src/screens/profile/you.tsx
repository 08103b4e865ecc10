import { useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { renameUser } from '../../api/commands/session.ts';
import { sessionQuery, type Session } from '../../api/queries/session.ts';
import { useRun } from '../../api/run.ts';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { Card, Facts } from '../../components/card.tsx';
import { Field, Input } from '../../components/field.tsx';
import { useToasts } from '../../components/toast.tsx';
import { useAccount } from '../../lib/use-account.ts';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';

export function You({ user }: { readonly user: Session['user'] }) {
  const { profile: words, roles, common } = useWords();
  const { role } = useAccount();
  const { say } = useToasts();
  const messageOf = useMessage();
  const queries = useQueryClient();
  const rename = useRun(renameUser);
  const [name, setName] = useState(user.name);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const { data } = await rename.run(name.trim());
    if (!data) return;
    queries.setQueryData(sessionQuery.queryKey, data);
    setName(data.user.name);
    say(common.saved);
  };
  const fault = rename.error?.errors.find(({ pointer }) => pointer === '/name')?.detail;
  return (
    <Card title={words.you}>
      <form className="stack" onSubmit={(event) => void save(event)}>
        {rename.error && fault === undefined && <Banner tone="red" title={messageOf(rename.error)} />}
        <Field label={words.name} hint={words.nameHint} error={fault}>
          {(ids) => (
            <Input
              {...ids}
              name="name"
              autoComplete="name"
              required
              maxLength={200}
              value={name}
              onChange={({ target }) => setName(target.value)}
            />
          )}
        </Field>
        <Facts
          facts={[
            [words.email, user.email],
            [words.role, role && roles[role]],
          ]}
        />
        <div className="row">
          <Button type="submit" isBusy={rename.isBusy} disabled={name.trim() === user.name}>
            {common.save}
          </Button>
        </div>
      </form>
    </Card>
  );
}
