import { Download } from 'lucide-react';
import type { FileToSend, Uploaded, UploadedRow } from '../../api/commands/uploads.ts';
import { Badge } from '../../components/badge.tsx';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { Cards, Table } from '../../components/table.tsx';
import { download } from '../../lib/files.ts';
import { useWords } from '../../words/use-words.tsx';
import { failedFile, isOwnColumn } from './failed-file.ts';
import css from './upload.module.css';

/** More rows than a person reads; the file of failed rows has all. */
const mostShown = 200;
/** Spreadsheets read a CSV as UTF-8 only with it. */
const byteOrderMark = '\uFEFF';

interface OutcomeProps {
  readonly sent: FileToSend;
  readonly answer: Uploaded;
}

/** What the file did, in one sentence; below it each row, the failed ones first. */
export function UploadOutcome({ sent, answer }: OutcomeProps) {
  const words = useWords().upload;
  const { rows, ignored, stopped } = answer;
  const failed = rows.filter(({ isRecorded }) => !isRecorded);
  const recorded = rows.filter(({ isRecorded }) => isRecorded);
  const sentence = words.outcome(recorded.length, failed.length);
  const give = async () => download(words.failedName(sent.file.name), byteOrderMark + (await failedFile(sent, failed)));
  const isWrong = failed.length > 0 || stopped !== undefined;
  return (
    <>
      <Banner
        tone={isWrong ? 'red' : 'green'}
        title={sentence}
        {...(failed.length > 0 && {
          actions: (
            <Button size="small" onClick={() => void give()}>
              <Download size={15} aria-hidden />
              {words.downloadFailed}
            </Button>
          ),
        })}
      >
        {failed.length > 0 && <p>{words.correct}</p>}
        {stopped && <p>{words.stopped(stopped.row, stopped.detail)}</p>}
        {!isWrong && <p>{words[sent.kind].afterwards}</p>}
      </Banner>
      {ignored !== undefined && !isOwnColumn(ignored) && <p className="muted small">{ignored}</p>}
      <Rows kind={sent.kind} rows={[...failed, ...recorded]} />
    </>
  );
}

function Rows({ kind, rows }: { readonly kind: FileToSend['kind']; readonly rows: readonly UploadedRow[] }) {
  const words = useWords().upload;
  const shown = rows.slice(0, mostShown);
  return (
    <div className={css['rows']} tabIndex={0} role="region" aria-label={words.rows}>
      <Table label={words.rows} hasCards>
        <thead>
          <tr>
            <th scope="col">{words.row}</th>
            <th scope="col">{words[kind].name}</th>
            {kind === 'shipments' && <th scope="col">{words.tracking}</th>}
            <th scope="col">{words.result}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ row, name, tracking, isRecorded, detail }) => (
            <tr key={row}>
              <td className="num">{row}</td>
              <td>{name}</td>
              {kind === 'shipments' && <td className={css['tracking']}>{tracking}</td>}
              <td className={css['result']}>
                <Badge tone={isRecorded ? 'green' : 'red'}>{isRecorded ? words.recorded : words.failed}</Badge>
                {detail !== '' && <p>{detail}</p>}
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
      <Cards label={words.rows}>
        {shown.map(({ row, name, tracking, isRecorded, detail }) => (
          <li key={row}>
            <b>{words.rowOf(row, name)}</b>
            <Badge tone={isRecorded ? 'green' : 'red'}>{isRecorded ? words.recorded : words.failed}</Badge>
            {tracking !== '' && <p className="mono">{tracking}</p>}
            {detail !== '' && <p>{detail}</p>}
          </li>
        ))}
      </Cards>
      {rows.length > mostShown && <p className={css['more']}>{words.more(rows.length - mostShown)}</p>}
    </div>
  );
}
