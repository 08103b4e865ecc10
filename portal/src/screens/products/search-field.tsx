import { Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Input } from '../../components/field.tsx';
import css from './products.module.css';

const pauseMs = 250;

interface SearchFieldProps {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  /** After a pause in typing. */
  readonly onSearch: (text: string) => void;
}

export function SearchField({ label, placeholder, value, onSearch }: SearchFieldProps) {
  const [text, setText] = useState(value);
  const [shown, setShown] = useState(value);
  const [asked, setAsked] = useState(value);
  // The address has changed by itself, such as by the button back. What was asked for here is still being typed.
  if (shown !== value) {
    setShown(value);
    if (value !== asked) {
      setAsked(value);
      setText(value);
    }
  }
  useEffect(() => {
    if (text.trim() === value) return;
    const timer = setTimeout(() => {
      setAsked(text.trim());
      onSearch(text.trim());
    }, pauseMs);
    return () => clearTimeout(timer);
  }, [text, value, onSearch]);
  return (
    <span className={css['search']}>
      <Search size={16} aria-hidden />
      <Input
        type="search"
        controlSize="small"
        aria-label={label}
        placeholder={placeholder}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
    </span>
  );
}
