import { useNavigate } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { useRef, type FormEvent } from 'react';
import { Input } from '../components/field.tsx';
import { Kbd } from '../components/kbd.tsx';
import { useShortcuts } from '../lib/keys.ts';
import { useWords } from '../words/use-words.tsx';
import css from './frame.module.css';

/** Finds orders of every view. Emptied, it leads back to the queue. */
export function OrderSearch({ account }: { readonly account: string }) {
  const words = useWords().frame;
  const field = useRef<HTMLInputElement>(null);
  const navigate = useNavigate();
  useShortcuts({ '/': () => field.current?.focus() });
  const find = (event: FormEvent) => {
    event.preventDefault();
    const q = field.current?.value.trim() ?? '';
    void navigate({ to: '/$account/orders', params: { account }, search: q === '' ? {} : { view: 'all', q } });
  };
  return (
    <form className={css['search']} role="search" onSubmit={find}>
      <Search size={16} aria-hidden />
      <Input ref={field} type="search" aria-label={words.searchLabel} placeholder={words.search} />
      <Kbd>/</Kbd>
    </form>
  );
}
