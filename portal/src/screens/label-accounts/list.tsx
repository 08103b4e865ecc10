import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { LabelAccount } from '../../api/queries/label-accounts.ts';
import { suppliersQuery } from '../../api/queries/suppliers.ts';
import { Badge, type Tone } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { Cards, cell, Table, Two } from '../../components/table.tsx';
import { useAccount } from '../../lib/use-account.ts';
import { useWords } from '../../words/use-words.tsx';
import { ChangeLabelAccount } from './change.tsx';
import { RemoveLabelAccount } from './remove.tsx';
import { useCheck } from './use-check.ts';
import css from './label-accounts.module.css';

/** The label accounts, each with its provider and how it works. */
export function LabelAccountList({ accounts }: { readonly accounts: readonly LabelAccount[] }) {
  const words = useWords().labels.accounts;
  const { id, sells } = useAccount();
  const suppliers = useQuery({ ...suppliersQuery(id), enabled: sells });
  const lentTo = (account: LabelAccount): string | undefined => {
    const names = suppliers.data?.data.filter((one) => one.lentLabelAccountId === account.id).map(({ name }) => name);
    return names === undefined || names.length === 0 ? undefined : words.lentTo(names.join(', '));
  };
  const carriers = (account: LabelAccount) =>
    account.carriers.length === 0 ? words.allCarriers : account.carriers.join(', ');
  return (
    <>
      <Table label={words.title} hasCards>
        <thead>
          <tr>
            <th scope="col">{words.columns.name}</th>
            <th scope="col">{words.columns.provider}</th>
            <th scope="col">{words.columns.carriers}</th>
            <th scope="col">{words.columns.health}</th>
            <th scope="col">
              <span className="visually-hidden">{words.columns.actions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {accounts.map((account) => (
            <tr key={account.id}>
              <th scope="row">
                <Two main={<b>{account.name}</b>} sub={lentTo(account)} />
              </th>
              <td>{words.providers[account.provider]}</td>
              <td>{carriers(account)}</td>
              <td>
                <Health of={account} />
              </td>
              <td className={cell.end}>
                <Actions of={account} />
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
      <Cards label={words.title}>
        {accounts.map((account) => (
          <li key={account.id}>
            <b>{account.name}</b>
            <Health of={account} />
            <p>{words.providers[account.provider]}</p>
            {lentTo(account) && <p>{lentTo(account)}</p>}
            <div className={css['cardActions']}>
              <Actions of={account} />
            </div>
          </li>
        ))}
      </Cards>
    </>
  );
}

interface OfAccount {
  readonly of: LabelAccount;
}

const tones: Readonly<Record<LabelAccount['health']['status'], Tone>> = {
  ok: 'green',
  failing: 'amber',
  unauthorized: 'red',
};

function Health({ of: { health } }: OfAccount) {
  const words = useWords().labels.accounts.health;
  return <Badge tone={tones[health.status]}>{words[health.status]}</Badge>;
}

function Actions({ of }: OfAccount) {
  const words = useWords().labels.accounts;
  const { may } = useAccount();
  const { check, isBusy } = useCheck();
  const [doing, setDoing] = useState<'change' | 'remove'>();
  const close = () => setDoing(undefined);
  return (
    <span className={css['actions']}>
      {may('write') && (
        <Button size="small" isBusy={isBusy} aria-label={words.checkOf(of.name)} onClick={() => void check(of)}>
          {words.check}
        </Button>
      )}
      {may('admin') && (
        <>
          <Button size="small" aria-label={words.changeOf(of.name)} onClick={() => setDoing('change')}>
            {words.change}
          </Button>
          <Button size="small" look="danger" aria-label={words.removeOf(of.name)} onClick={() => setDoing('remove')}>
            {words.remove}
          </Button>
        </>
      )}
      {doing === 'change' && <ChangeLabelAccount of={of} onClose={close} />}
      {doing === 'remove' && <RemoveLabelAccount of={of} onClose={close} />}
    </span>
  );
}
