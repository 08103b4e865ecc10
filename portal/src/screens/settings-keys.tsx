import { useInfiniteQuery } from '@tanstack/react-query';
import { KeyRound, Lock, Plus } from 'lucide-react';
import { useState } from 'react';
import { keysQuery } from '../api/queries/keys.ts';
import { rowsOf } from '../api/queries/pages.ts';
import { Button, ExternalButton } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { Pagination } from '../components/pagination.tsx';
import { Empty, Loaded, Skeleton } from '../components/states.tsx';
import { useAccount } from '../lib/use-account.ts';
import { useWords } from '../words/use-words.tsx';
import { KeyList } from './keys/list.tsx';
import { MakeKey } from './keys/make.tsx';
import { SettingsHead } from './settings-head.tsx';
import css from './settings.module.css';

export function KeysScreen() {
  const words = useWords().keys;
  const { role, may } = useAccount();
  if (may('admin')) return <Keys />;
  return (
    <>
      <SettingsHead current="keys" />
      {role === undefined ? (
        <Skeleton />
      ) : (
        <Empty icon={<Lock size={22} aria-hidden />} title={words.forbidden}>
          {words.forbiddenHint}
        </Empty>
      )}
    </>
  );
}

function Keys() {
  const words = useWords().keys;
  const { id: account } = useAccount();
  const query = useInfiniteQuery(keysQuery(account));
  const [isMaking, setMaking] = useState(false);
  const make = (
    <Button look="primary" onClick={() => setMaking(true)}>
      <Plus size={16} aria-hidden />
      {words.make}
    </Button>
  );
  return (
    <>
      <SettingsHead
        current="keys"
        actions={
          <>
            <ExternalButton href="/docs">{words.reference}</ExternalButton>
            {make}
          </>
        }
      />
      <div className={css['body']}>
        <Card isFlush>
          <Loaded query={query}>
            {(data) =>
              rowsOf(data).length === 0 ? (
                <Empty
                  icon={<KeyRound size={22} aria-hidden />}
                  title={words.empty}
                  action={<Button onClick={() => setMaking(true)}>{words.make}</Button>}
                >
                  {words.emptyHint}
                </Empty>
              ) : (
                <KeyList keys={rowsOf(data)} />
              )
            }
          </Loaded>
          <Pagination query={query} />
        </Card>
      </div>
      {isMaking && <MakeKey onClose={() => setMaking(false)} />}
    </>
  );
}
