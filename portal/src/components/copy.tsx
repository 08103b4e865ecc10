import { Check, Copy as CopyIcon } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useWords } from '../words/use-words.tsx';
import { Button } from './button.tsx';

const shownMs = 2_000;

/** Copies a text. `label` says what: `Copy address`. */
export function Copy({ text, label }: { readonly text: string; readonly label: string }) {
  const words = useWords().common;
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), shownMs);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = () =>
    void navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => undefined,
    );
  return (
    <Button size="small" look="quiet" aria-label={isCopied ? words.copied : label} onClick={copy}>
      {isCopied ? <Check size={15} aria-hidden /> : <CopyIcon size={15} aria-hidden />}
      {isCopied ? words.copied : words.copy}
    </Button>
  );
}
