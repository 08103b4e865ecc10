import { Button } from '../../components/button.tsx';
import { Copy } from '../../components/copy.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Field, Input } from '../../components/field.tsx';
import { useWords } from '../../words/use-words.tsx';

/** A link that the service has not mailed. */
export interface Issued {
  readonly email: string;
  readonly link: string;
}

/** The link, shown once, for the admin to pass on. */
export function LinkDialog({ issued, onClose }: { readonly issued: Issued; readonly onClose: () => void }) {
  const words = useWords().invitationLink;
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={words.title}
      description={words.text(issued.email)}
      actions={
        <>
          <Copy text={issued.link} label={words.copy} />
          <Button look="primary" onClick={onClose}>
            {words.done}
          </Button>
        </>
      }
    >
      <Field label={words.link}>
        {(ids) => <Input {...ids} readOnly value={issued.link} onFocus={({ target }) => target.select()} />}
      </Field>
    </Dialog>
  );
}
