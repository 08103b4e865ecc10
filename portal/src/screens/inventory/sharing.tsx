import { Link } from '@tanstack/react-router';
import type { Level } from '../../api/queries/stock.ts';
import { Badge, type Tone } from '../../components/badge.tsx';
import { useAccountId } from '../../lib/account-id.ts';
import { useWords } from '../../words/use-words.tsx';
import css from './inventory.module.css';

const tones: Readonly<Record<Level['sharing']['state'], Tone>> = {
  up_to_date: 'green',
  needs_sync: 'amber',
  suspended: 'red',
  not_listed: 'grey',
};

/** What merchants or channels know of a level, and why they do not know the newest. */
export function Sharing({ sharing: { state, cause } }: Pick<Level, 'sharing'>) {
  const account = useAccountId();
  const words = useWords().inventory;
  return (
    <div className={css['sharing']}>
      <Badge tone={tones[state]}>{words.states[state]}</Badge>
      {cause !== null && <small>{words.causes[cause] ?? words.otherCause}</small>}
      {state === 'suspended' && (
        <Link className="link small" to="/$account/attention" params={{ account }} search={{}}>
          {words.toAttention}
        </Link>
      )}
    </div>
  );
}
