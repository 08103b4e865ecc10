import { lazy, Suspense, useState } from 'react';
import type { ConfirmProps, DialogProps } from './dialog-base.tsx';

const load = () => import('./dialog-base.tsx');
const DialogBase = lazy(async () => ({ default: (await load()).DialogBase }));
const ConfirmBase = lazy(async () => ({ default: (await load()).ConfirmBase }));

/** Stays once it was open, so that it can close. */
function useWasOpen(isOpen: boolean): boolean {
  const [wasOpen, setWasOpen] = useState(isOpen);
  if (isOpen && !wasOpen) setWasOpen(true);
  return wasOpen;
}

/** A dialog, with its buttons in `actions`, the one that does it last. */
export function Dialog(props: DialogProps) {
  const wasOpen = useWasOpen(props.isOpen);
  return (
    wasOpen && (
      <Suspense>
        <DialogBase {...props} />
      </Suspense>
    )
  );
}

/** Before what cannot be taken back. Its fields are `children`; Enter in them confirms. */
export function ConfirmDialog(props: ConfirmProps) {
  const wasOpen = useWasOpen(props.isOpen);
  return (
    wasOpen && (
      <Suspense>
        <ConfirmBase {...props} />
      </Suspense>
    )
  );
}
