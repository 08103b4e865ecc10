import type { ComponentProps } from 'react';
import { readDocument, type DocumentFormat } from '../../api/commands/documents.ts';
import { useCommand } from '../../api/use-command.ts';
import { Button } from '../../components/button.tsx';
import { useToasts } from '../../components/toast.tsx';
import { download, openFileTab } from '../../lib/files.ts';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';

/** Opens a document in a tab, which prints it. ZPL is stored: no browser shows it. */
export function useDocument() {
  const words = useWords().common;
  const messageOf = useMessage();
  const { complain } = useToasts();
  const { run, isBusy } = useCommand(readDocument);
  const open = async (id: string, name: string, format?: DocumentFormat) => {
    const tab = format === 'zpl' ? undefined : openFileTab();
    const { data, error } = await run({ id, format });
    if (data) return tab ? tab.show(data, name) : download(name, data);
    tab?.close();
    complain(words.failed, messageOf(error));
  };
  return { open, isBusy };
}

type OpenDocumentProps = Omit<ComponentProps<typeof Button>, 'id' | 'name' | 'onClick' | 'isBusy'> & {
  readonly id: string;
  /** Of the file, where it is stored. */
  readonly name: string;
};

export function OpenDocument({ id, name, ...rest }: OpenDocumentProps) {
  const { open, isBusy } = useDocument();
  return <Button {...rest} isBusy={isBusy} onClick={() => void open(id, name)} />;
}
