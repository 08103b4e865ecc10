import { Download } from 'lucide-react';
import { useState } from 'react';
import { ApiError } from '../../api/client.ts';
import { sendFile, type FileToSend, type Uploaded, type UploadKind } from '../../api/commands/uploads.ts';
import { ordersToShip, presentCounts, templateOf } from '../../api/queries/files.ts';
import { useCommand } from '../../api/use-command.ts';
import { Banner } from '../../components/banner.tsx';
import { Button, Spinner } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { FileDrop } from '../../components/file-drop.tsx';
import { useToasts } from '../../components/toast.tsx';
import { download } from '../../lib/files.ts';
import { newKey } from '../../lib/intents.ts';
import { useAccountId } from '../../lib/account-id.ts';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import { UploadOutcome } from './upload-outcome.tsx';
import css from './upload.module.css';

const accepted = '.csv,.txt,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';
/** What Excel on Windows saves as CSV. */
const excelCharset = 'windows-1252';

interface DialogProps {
  readonly kind: UploadKind;
  readonly onClose: () => void;
}

/** A file of trackings or counts: it goes as it is, and each row of it has an outcome. */
export function UploadDialog({ kind, onClose }: DialogProps) {
  const words = useWords();
  const own = words.upload[kind];
  const { complain } = useToasts();
  const command = useCommand(sendFile);
  const [sent, setSent] = useState<FileToSend>();
  const [answer, setAnswer] = useState<Uploaded>();
  const send = async (file: FileToSend) => {
    setSent(file);
    setAnswer(undefined);
    const { data } = await command.run(file);
    setAnswer(data);
  };
  const choose = async (file: File, charset?: string) => {
    const copy = await copyOf(file);
    if (copy) await send({ kind, file: copy, key: newKey(), charset });
    else complain(words.upload.unreadable(file.name));
  };
  const failed = answer?.rows.some(({ isRecorded }) => !isRecorded) ?? false;
  const isDone = answer !== undefined && !failed && answer.stopped === undefined;
  return (
    <Dialog
      isOpen
      isWide
      onClose={onClose}
      title={own.title}
      {...(answer === undefined && { description: own.description })}
      actions={
        <Button look={isDone ? 'primary' : 'plain'} onClick={onClose}>
          {answer ? words.upload.done : words.common.close}
        </Button>
      }
    >
      {command.isBusy && sent && (
        <p className={css['sending']} role="status">
          <Spinner /> {words.upload.sending(sent.file.name)}
        </p>
      )}
      {command.error && sent && !command.isBusy && (
        <Refused
          sent={sent}
          error={command.error}
          onSend={(file, charset) => void choose(file, charset)}
          onAgain={send}
        />
      )}
      {answer && sent && <UploadOutcome sent={sent} answer={answer} />}
      {!command.isBusy && !isDone && (
        <FileDrop
          label={sent ? words.upload.chooseCorrected : words.upload.choose}
          hint={words.upload.hint}
          accept={accepted}
          onFile={(file) => void choose(file)}
        />
      )}
      {sent === undefined && <Templates kind={kind} />}
    </Dialog>
  );
}

/** As it is now: a browser reads no file that has changed since it was chosen, and a repeat must send the same rows. */
const copyOf = (file: File): Promise<File | undefined> =>
  file.arrayBuffer().then(
    (content) => new File([content], file.name, { type: file.type }),
    () => undefined,
  );

interface RefusedProps {
  readonly sent: FileToSend;
  readonly error: ApiError;
  readonly onSend: (file: File, charset: string) => void;
  readonly onAgain: (sent: FileToSend) => Promise<void>;
}

/** No row was recorded: the reason, and what may help. */
function Refused({ sent, error, onSend, onAgain }: RefusedProps) {
  const words = useWords();
  const isLost = error.status === 0 || error.status >= 500;
  const mayBeExcels = error.code === 'not_utf8' && sent.charset === undefined;
  return (
    <Banner
      tone="red"
      title={isLost ? words.upload.lost : words.upload.nothingRecorded(sent.file.name)}
      {...(isLost && { actions: <Button onClick={() => void onAgain(sent)}>{words.common.tryAgain}</Button> })}
      {...(mayBeExcels && {
        actions: <Button onClick={() => onSend(sent.file, excelCharset)}>{words.upload.sendAsExcel}</Button>,
      })}
    >
      <p>{error.status === 0 ? words.common.unreachable : error.message}</p>
      {error.requestId !== undefined && <p className="small">{words.common.request(error.requestId)}</p>}
    </Banner>
  );
}

/** Files to begin with. */
function Templates({ kind }: { readonly kind: UploadKind }) {
  const account = useAccountId();
  const words = useWords();
  const own = words.upload[kind];
  const messageOf = useMessage();
  const { complain } = useToasts();
  const give = (name: string, text: Promise<string>) =>
    text.then(
      (given) => download(name, given),
      (error: unknown) => complain(words.upload.noFile(name), error instanceof ApiError ? messageOf(error) : undefined),
    );
  const filled = kind === 'shipments' ? ordersToShip : presentCounts;
  return (
    <div className={css['templates']}>
      <p className="muted">{own.templates}</p>
      <div className="row">
        <Button size="small" onClick={() => void give(own.filledName, filled(account))}>
          <Download size={15} aria-hidden />
          {own.filled}
        </Button>
        <Button size="small" look="quiet" onClick={() => void give(`${kind}.csv`, templateOf(account, `${kind}.csv`))}>
          {words.upload.template}
        </Button>
      </div>
    </div>
  );
}
