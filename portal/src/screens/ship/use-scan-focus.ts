import { useEffect, type RefObject } from 'react';

const isEditable = (element: Element | null): boolean =>
  element !== null && element.closest('input, textarea, select, [contenteditable]') !== null;
const isCovered = (): boolean => document.querySelector('[role=dialog], [role=alertdialog], [role=menu]') !== null;
/** Keys of the whole page; no number begins with them. */
const pageKeys = '/?';

/** The focus comes back to the field: after each result, after a press beside it, and with the first sign of a scan. */
export function useScanFocus(field: RefObject<HTMLInputElement | null>, afterEach: readonly unknown[]): void {
  useEffect(() => {
    if (!isCovered()) field.current?.focus();
    // The results are given as a list of changing values.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, afterEach);

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.length !== 1 || event.metaKey || event.ctrlKey || event.altKey) return;
      if (pageKeys.includes(event.key) || event.key === ' ' || isEditable(document.activeElement) || isCovered())
        return;
      // The sign itself then goes into the field.
      field.current?.focus();
    };
    const onPress = () =>
      requestAnimationFrame(() => {
        if (document.activeElement === document.body && !isCovered()) field.current?.focus();
      });
    window.addEventListener('keydown', onKey, { capture: true });
    window.addEventListener('pointerup', onPress);
    return () => {
      window.removeEventListener('keydown', onKey, { capture: true });
      window.removeEventListener('pointerup', onPress);
    };
  }, [field]);
}
