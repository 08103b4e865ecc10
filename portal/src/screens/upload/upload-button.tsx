import { FileUp } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import type { UploadKind } from '../../api/commands/uploads.ts';
import { Button } from '../../components/button.tsx';
import { useWords } from '../../words/use-words.tsx';

// The dialog is loaded when it is wanted: the queue opens without it.
const UploadDialog = lazy(async () => ({ default: (await import('./upload-dialog.tsx')).UploadDialog }));

export function UploadButton({ kind }: { readonly kind: UploadKind }) {
  const words = useWords().upload[kind];
  const [isOpen, open] = useState(false);
  return (
    <>
      <Button onClick={() => open(true)}>
        <FileUp size={16} aria-hidden />
        {words.title}
      </Button>
      {isOpen && (
        <Suspense>
          <UploadDialog kind={kind} onClose={() => open(false)} />
        </Suspense>
      )}
    </>
  );
}
