import { useEffect, useRef, useSyncExternalStore } from 'react';
import { store, stored } from './storage.ts';

/** `j`, `?`, or two keys after each other, such as `g o`. */
type Shortcuts = Readonly<Record<string, () => void>>;

const listeners = new Set<() => void>();
let areOn = stored('vp.keys') !== 'off';

/** Whether single keys work. A person may switch them off (WCAG 2.1.4). */
export function useKeysSwitch(): readonly [boolean, (on: boolean) => void] {
  const on = useSyncExternalStore(
    (heard) => {
      listeners.add(heard);
      return () => listeners.delete(heard);
    },
    () => areOn,
  );
  return [on, switchKeys];
}

function switchKeys(on: boolean): void {
  areOn = on;
  store('vp.keys', on ? 'on' : 'off');
  for (const heard of listeners) heard();
}

/** The second key of two must follow within this time. */
const pairMs = 1_500;
interface Pressed {
  readonly key: string;
  readonly at: number;
}
let before: Pressed | undefined;
let latestKey: Pressed | undefined;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  target.closest('input:not([type=checkbox]), textarea, select, [contenteditable]') !== null;
const isCovered = (): boolean => document.querySelector('[role=dialog], [role=alertdialog], [role=menu]') !== null;

// Ahead of all components: each of them sees the key before this one.
window.addEventListener(
  'keydown',
  ({ key, timeStamp, target }) => {
    before = latestKey;
    latestKey = isTyping(target) ? undefined : { key, at: timeStamp };
  },
  { capture: true },
);

/** Runs an action at its key. Never in a field, with a modifier, or while a menu or a dialog is open. */
export function useShortcuts(shortcuts: Shortcuts): void {
  const latest = useRef(shortcuts);
  useEffect(() => void (latest.current = shortcuts));
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!areOn || event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return;
      if (isTyping(event.target) || isCovered()) return;
      const isPair = before !== undefined && event.timeStamp - before.at < pairMs;
      const action = latest.current[isPair ? `${before?.key} ${event.key}` : event.key] ?? latest.current[event.key];
      if (action === undefined) return;
      event.preventDefault();
      latestKey = undefined;
      action();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
