import { SettingsHead } from './settings-head.tsx';

export function KeysScreen() {
  return <SettingsHead current="keys" />;
}
