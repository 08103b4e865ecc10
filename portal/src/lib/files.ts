/** Gives the browser a file to store. A text is a CSV. */
export function download(name: string, content: Blob | string): void {
  const file = typeof content === 'string' ? new Blob([content], { type: 'text/csv;charset=utf-8' }) : content;
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

interface FileTab {
  /** Shows the file in the tab; where the browser has opened none, it is stored under this name. */
  readonly show: (file: Blob, name: string) => void;
  /** There is no file after all. */
  readonly close: () => void;
}

/** How long a tab may load its file again. */
const shownMs = 600_000;

/**
 * A tab for a file that is still to be asked for: a browser opens one only at the press itself. The file is not linked by its
 * address, since a link cannot name the account of this page.
 */
export function openFileTab(): FileTab {
  const tab = window.open('', '_blank');
  return {
    show(file, name) {
      if (tab === null || tab.closed) return download(name, file);
      const url = URL.createObjectURL(file);
      tab.location.replace(url);
      setTimeout(() => URL.revokeObjectURL(url), shownMs);
    },
    close: () => tab?.close(),
  };
}
