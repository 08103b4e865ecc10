import { FileUp } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import css from './file-drop.module.css';

interface FileDropProps {
  /** What is asked for: `Choose a CSV or Excel file`. */
  readonly label: string;
  readonly hint?: ReactNode;
  /** As of `<input accept>`. */
  readonly accept: string;
  readonly onFile: (file: File) => void;
  readonly isDisabled?: boolean;
}

/** A file, chosen or dropped. The same file may be chosen again. */
export function FileDrop({ label, hint, accept, onFile, isDisabled = false }: FileDropProps) {
  const [isOver, setOver] = useState(false);
  return (
    <label className={css['drop']} data-over={isOver}>
      <FileUp size={22} aria-hidden />
      <b>{label}</b>
      {hint !== undefined && <span className="small">{hint}</span>}
      {/* The browser itself drops files onto the input, which covers the area. */}
      <input
        type="file"
        aria-label={label}
        accept={accept}
        disabled={isDisabled}
        onDragEnter={() => setOver(true)}
        onDragLeave={() => setOver(false)}
        onDrop={() => setOver(false)}
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          currentTarget.value = '';
          if (file) onFile(file);
        }}
      />
    </label>
  );
}
