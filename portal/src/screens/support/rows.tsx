import type { Attention } from '../../api/queries/attention.ts';
import { ChooseAll, RowCheckbox } from '../../components/field.tsx';
import { Cards, Table, Two } from '../../components/table.tsx';
import { ago, dateTime } from '../../lib/format.ts';
import { useWords } from '../../words/use-words.tsx';
import { causeOf } from '../attention/causes.ts';
import { WorkflowLink } from './workflow-link.tsx';

/** What it is about, as people call it. */
export const subjectOf = ({ orderNumber, sku, id }: Attention): string => orderNumber ?? sku ?? id;

const canRetry = ({ actions }: Attention): boolean => actions.includes('retry');

interface RowsProps {
  readonly rows: readonly Attention[];
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: (chosen: ReadonlySet<string>) => void;
}

export function AttentionRows({ rows, chosen, onChoose }: RowsProps) {
  const { support: words, attention } = useWords();
  const retryable = rows.filter(canRetry);
  const choose = (id: string, isOn: boolean) =>
    onChoose(new Set(isOn ? [...chosen, id] : [...chosen].filter((one) => one !== id)));
  const count = retryable.filter(({ id }) => chosen.has(id)).length;
  const checkbox = (row: Attention) =>
    canRetry(row) && (
      <RowCheckbox
        label={words.choose(subjectOf(row))}
        checked={chosen.has(row.id)}
        onChange={({ target }) => choose(row.id, target.checked)}
      />
    );
  return (
    <>
      <Table label={words.attention} hasCards>
        <thead>
          <tr>
            <th scope="col">
              {retryable.length > 0 && (
                <ChooseAll
                  label={words.chooseAll}
                  chosen={count}
                  rows={retryable.length}
                  onChoose={(all) => onChoose(new Set(all ? retryable.map(({ id }) => id) : []))}
                />
              )}
            </th>
            <th scope="col">{words.columns.order}</th>
            <th scope="col">{words.columns.account}</th>
            <th scope="col">{words.columns.cause}</th>
            <th scope="col">{words.columns.since}</th>
            <th scope="col">{words.columns.workflow}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <td>{checkbox(row)}</td>
              <th scope="row">
                <Two main={<b>{subjectOf(row)}</b>} sub={row.counterpart?.name} />
              </th>
              <td>{row.accountName}</td>
              <td>
                <Two main={causeOf(row.code, attention)} sub={row.step} />
              </td>
              <td>
                <Since since={row.since} />
              </td>
              <td>
                {row.workflowUrl !== undefined && <WorkflowLink url={row.workflowUrl} subject={subjectOf(row)} />}
              </td>
            </tr>
          ))}
        </tbody>
      </Table>
      <Cards label={words.attention}>
        {rows.map((row) => (
          <li key={row.id}>
            <span className="row">
              {checkbox(row)}
              <b>{subjectOf(row)}</b>
            </span>
            <Since since={row.since} />
            <p>{row.accountName}</p>
            <p>{causeOf(row.code, attention)}</p>
            {row.workflowUrl !== undefined && <WorkflowLink url={row.workflowUrl} subject={subjectOf(row)} />}
          </li>
        ))}
      </Cards>
    </>
  );
}

const Since = ({ since }: { readonly since: string }) => (
  <time dateTime={since} title={dateTime(since)}>
    {ago(since)}
  </time>
);
