import { useQuery } from '@tanstack/react-query';
import { Plus, Tag } from 'lucide-react';
import { useState } from 'react';
import { labelAccountsQuery } from '../api/queries/label-accounts.ts';
import { Button } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { Empty, Loaded } from '../components/states.tsx';
import { useAccount } from '../lib/use-account.ts';
import { useWords } from '../words/use-words.tsx';
import { AddLabelAccount } from './label-accounts/add.tsx';
import { LabelAccountList } from './label-accounts/list.tsx';
import { SettingsHead } from './settings-head.tsx';
import { WarehousesCard } from './warehouses/warehouses-card.tsx';
import css from './settings.module.css';

/** What labels are bought with, and where their parcels leave. */
export function LabelsScreen() {
  const words = useWords().labels.accounts;
  const { id: account, may } = useAccount();
  const query = useQuery(labelAccountsQuery(account));
  const [isAdding, setAdding] = useState(false);
  const add = may('admin') && (
    <Button look="primary" onClick={() => setAdding(true)}>
      <Plus size={16} aria-hidden />
      {words.add}
    </Button>
  );
  return (
    <>
      <SettingsHead current="labels" actions={add} />
      <div className={css['body']}>
        <Card isFlush title={words.title}>
          <Loaded query={query}>
            {({ data }) =>
              data.length === 0 ? (
                <Empty
                  icon={<Tag size={22} aria-hidden />}
                  title={words.empty}
                  action={may('admin') && <Button onClick={() => setAdding(true)}>{words.add}</Button>}
                >
                  {may('admin') ? words.emptyHint : words.emptyHintViewer}
                </Empty>
              ) : (
                <LabelAccountList accounts={data} />
              )
            }
          </Loaded>
        </Card>
        <WarehousesCard />
      </div>
      {isAdding && <AddLabelAccount onClose={() => setAdding(false)} />}
    </>
  );
}
