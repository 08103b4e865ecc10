import { Toast } from '@base-ui/react/toast';
import { CircleAlert, CircleCheck, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useWords } from '../words/use-words.tsx';
import css from './toast.module.css';

const manager = Toast.createToastManager();
const okMs = 5_000;

const toasts = {
  /** What happened. It goes by itself. */
  say: (title: string, text?: string): void =>
    void manager.add({ title, description: text, type: 'ok', timeout: okMs }),
  /** What did not work. It stays until somebody closes it: a clerk who looks at a box must not miss it. */
  complain: (title: string, text?: string): void =>
    void manager.add({ title, description: text, type: 'error', timeout: 0 }),
};

/** Of a former person or another account no note stays. */
export const closeToasts = (): void => manager.close();

/** `const { say, complain } = useToasts()` */
export const useToasts = (): typeof toasts => toasts;

export const ToastsProvider = ({ children }: { readonly children: ReactNode }) => (
  <Toast.Provider toastManager={manager} limit={4}>
    {children}
    <Toast.Portal>
      <Toast.Viewport className={css['toasts']}>
        <Shown />
      </Toast.Viewport>
    </Toast.Portal>
  </Toast.Provider>
);

function Shown() {
  const { toasts: shown } = Toast.useToastManager();
  const { close } = useWords().common;
  return shown.map((toast) => (
    <Toast.Root key={toast.id} toast={toast} className={css['toast']}>
      {toast.type === 'error' ? <CircleAlert size={18} aria-hidden /> : <CircleCheck size={18} aria-hidden />}
      {/* Of the library's own urgent toasts the focusable part is hidden from readers; axe objects. */}
      <div role={toast.type === 'error' ? 'alert' : undefined}>
        <Toast.Title className={css['title']} />
        <Toast.Description className={css['text']} />
      </div>
      <Toast.Close className={css['close']} aria-label={close}>
        <X size={16} aria-hidden />
      </Toast.Close>
    </Toast.Root>
  ));
}
