import { SettingsHead } from './settings-head.tsx';

export function PeopleScreen() {
  return <SettingsHead current="people" />;
}
