import { Check, CircleHelp, X } from 'lucide-react';
import type { ApiError } from '../../api/client.ts';
import type { ChannelCheck } from '../../api/queries/channels.ts';
import { Banner } from '../../components/banner.tsx';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import { kinds, type ShopKind } from './kinds.ts';
import css from './channels.module.css';

interface CheckResultProps {
  readonly kind: ShopKind;
  readonly check: ChannelCheck | undefined;
  readonly error: ApiError | undefined;
}

/** Each permission with ✓ or ✗ and what to do; or why the shop could not be asked. */
export function CheckResult({ kind, check, error }: CheckResultProps) {
  const words = useWords().channels.check;
  const messageOf = useMessage();
  if (error)
    return (
      <Banner tone="red" title={words.failures[error.code] ?? messageOf(error)}>
        {words.fixes[error.code] ?? (words.failures[error.code] === undefined ? null : messageOf(error))}
      </Banner>
    );
  if (!check) return null;
  const { missing, unproven } = check;
  // Also what the shop names and this page does not know.
  const permissions = [...new Set<string>([...kinds[kind].permissions, ...missing, ...unproven])];
  return (
    <div className="stack">
      {missing.length === 0 ? (
        <Banner tone="green" title={permissions.length === 0 ? words.answers : words.allThere} />
      ) : (
        <Banner title={words.someMissing(missing.length)}>{words.missingHint}</Banner>
      )}
      {permissions.length > 0 && (
        <ul className={css['permissions']} aria-label={words.permissions}>
          {permissions.map((name) => (
            <Permission key={name} name={name} state={stateOf(name, check)} />
          ))}
        </ul>
      )}
    </div>
  );
}

type State = 'there' | 'missing' | 'unproven';

const stateOf = (name: string, { missing, unproven }: ChannelCheck): State => {
  if (missing.includes(name)) return 'missing';
  return unproven.includes(name) ? 'unproven' : 'there';
};

const icons = { there: Check, missing: X, unproven: CircleHelp };

function Permission({ name, state }: { readonly name: string; readonly state: State }) {
  const words = useWords().channels.check;
  const Icon = icons[state];
  return (
    <li className={css[state]}>
      <Icon size={18} role="img" aria-label={words.states[state]} />
      <span>
        <b>{words.names[name] ?? name}</b>
        {state === 'missing' && <small>{words.fixOf[name] ?? words.fix(name)}</small>}
        {state === 'unproven' && <small>{words.unproven(name)}</small>}
      </span>
    </li>
  );
}
