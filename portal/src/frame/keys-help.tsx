import { Dialog } from '../components/dialog.tsx';
import { Switch } from '../components/field.tsx';
import { Kbd } from '../components/kbd.tsx';
import { useKeysSwitch } from '../lib/keys.ts';
import { useWords } from '../words/use-words.tsx';
import css from './keys-help.module.css';

/** All keys, and the switch that turns single ones off. */
export function KeysHelp({ onClose }: { readonly onClose: () => void }) {
  const words = useWords().frame.keys;
  const [areOn, switchKeys] = useKeysSwitch();
  return (
    <Dialog isOpen onClose={onClose} title={words.title}>
      <Switch
        label={words.switch}
        hint={words.switchHint}
        checked={areOn}
        onChange={({ currentTarget }) => switchKeys(currentTarget.checked)}
      />
      {words.groups.map(({ name, keys }) => (
        <section key={name} className={css['group']}>
          <h3>{name}</h3>
          <dl className={css['group']}>
            {keys.map(([key, text]) => (
              <div key={key} className={css['row']}>
                <dt>{text}</dt>
                <dd>
                  {key?.split(' ').map((one) => (
                    <Kbd key={one}>{one}</Kbd>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Dialog>
  );
}
