import { useQuery } from '@tanstack/react-query';
import { sessionQuery } from '../api/queries/session.ts';
import { Card } from '../components/card.tsx';
import { Field, Switch } from '../components/field.tsx';
import { Loaded } from '../components/states.tsx';
import { LanguageSelect } from '../frame/language-select.tsx';
import { useKeysSwitch } from '../lib/keys.ts';
import { useWords } from '../words/use-words.tsx';
import { Devices } from './profile/devices.tsx';
import { PasswordForm } from './profile/password-form.tsx';
import css from './profile/profile.module.css';
import { You } from './profile/you.tsx';
import { SettingsHead } from './settings-head.tsx';
import settings from './settings.module.css';

/** The person, whatever the account: name, password, devices, and how this browser works. */
export function ProfileScreen() {
  const words = useWords().profile;
  const session = useQuery(sessionQuery);
  return (
    <>
      <SettingsHead current="profile" />
      <Loaded query={session}>
        {({ user }) => (
          <div className={settings['columns']}>
            <div className="stack">
              <You key={user.id} user={user} />
              <Card title={words.password}>
                <div className="stack">
                  <p className={css['hint']}>{user.hasPassword ? words.otherPassword : words.noPassword}</p>
                  <PasswordForm user={user} />
                </div>
              </Card>
            </div>
            <div className="stack">
              <Devices />
              <ThisBrowser />
            </div>
          </div>
        )}
      </Loaded>
    </>
  );
}

function ThisBrowser() {
  const { profile: words, frame } = useWords();
  const [areKeysOn, switchKeys] = useKeysSwitch();
  return (
    <Card title={words.browser}>
      <div className="stack">
        <Field label={words.language}>{(ids) => <LanguageSelect ids={ids} />}</Field>
        <Switch
          label={frame.keys.switch}
          hint={frame.keys.switchHint}
          checked={areKeysOn}
          onChange={({ currentTarget }) => switchKeys(currentTarget.checked)}
        />
      </div>
    </Card>
  );
}
