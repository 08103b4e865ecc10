import { SettingsHead } from './settings-head.tsx';

export function ProfileScreen() {
  return <SettingsHead current="profile" />;
}
