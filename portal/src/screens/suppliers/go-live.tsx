import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { GoLiveCandidate, Supplier } from '../../../../clients/typescript/src/index.ts';
import { goLive } from '../../api/commands/suppliers.ts';
import { rowsOf } from '../../api/queries/pages.ts';
import { goLiveQuery } from '../../api/queries/suppliers.ts';
import { useCommand } from '../../api/use-command.ts';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { Input, ChooseAll, RowCheckbox } from '../../components/field.tsx';
import { Outcome } from '../../components/outcome.tsx';
import { Pagination } from '../../components/pagination.tsx';
import { Empty, Loaded } from '../../components/states.tsx';
import { Cards, cell, Table, Tools } from '../../components/table.tsx';
import { date } from '../../lib/format.ts';
import { useIntentKey } from '../../lib/intents.ts';
import { useAccount } from '../../lib/use-account.ts';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import css from './supplier.module.css';

/** The most orders of one request. */
const most = 200;

interface Done {
  readonly handedOn: number;
  readonly failed: readonly { readonly key: string; readonly name: string; readonly reason: string }[];
}

/** The dry run: what would be handed on; then the chosen ones are, each with its outcome. */
export function GoLive({ supplier }: { readonly supplier: Supplier }) {
  const words = useWords().suppliers.goLive;
  const { id: account, may } = useAccount();
  const [since, setSince] = useState('');
  const placedFrom = since === '' ? undefined : new Date(`${since}T00:00:00`).toISOString();
  const query = useInfiniteQuery(goLiveQuery(account, supplier.id, placedFrom));
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [isAsking, setAsking] = useState(false);
  const [done, setDone] = useState<Done>();
  const messageOf = useMessage();
  const handOn = useCommand(goLive);
  const key = useIntentKey();
  const rows = rowsOf(query.data);
  const canChoose = may('write') && supplier.status === 'active';
  const named = rows.filter(({ orderId }) => chosen.has(orderId));
  const ask = () => {
    key.renew();
    handOn.reset();
    setAsking(true);
  };
  const confirm = async () => {
    const orderIds = named.map(({ orderId }) => orderId);
    const { data } = await handOn.run({ id: supplier.id, orderIds, key: key.current() });
    if (!data) return;
    setDone({
      handedOn: data.results.filter(({ status }) => status === 'ok').length,
      failed: data.results.flatMap(({ index, problem }) => {
        const order = named[index];
        if (!problem || !order) return [];
        return [{ key: order.orderId, name: order.number, reason: problem.detail ?? problem.title }];
      }),
    });
    setChosen(new Set());
    setAsking(false);
  };
  return (
    <Card title={words.title} isFlush>
      <p className={css['intro']}>{words.text(supplier.name)}</p>
      {done && (
        <div className={css['outcome']}>
          <Outcome title={sentence(done, supplier.name, words)} failed={done.failed} />
        </div>
      )}
      <Tools end={canChoose && named.length > 0 && words.chosen(named.length)}>
        <label className={css['since']}>
          <span className="muted">{words.since}</span>
          <Input
            type="date"
            controlSize="small"
            // Else a year may have six digits.
            max="9999-12-31"
            value={since}
            onChange={({ target }) => {
              setSince(target.value);
              setChosen(new Set());
            }}
          />
        </label>
        {canChoose && named.length > 0 && (
          <Button size="small" look="primary" disabled={named.length > most} onClick={ask}>
            {words.handOn(named.length)}
          </Button>
        )}
        {supplier.status === 'paused' && <span className="muted">{words.paused}</span>}
        {named.length > most && <span role="alert">{words.most}</span>}
      </Tools>
      <Loaded query={query}>
        {() =>
          rows.length === 0 ? (
            <Empty title={words.empty}>{words.emptyHint(supplier.name)}</Empty>
          ) : (
            <CandidateList rows={rows} chosen={chosen} onChoose={canChoose ? setChosen : undefined} />
          )
        }
      </Loaded>
      <Pagination query={query} />
      <ConfirmDialog
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title={words.confirmTitle(named.length, supplier.name)}
        description={words.confirmText(supplier.name)}
        confirm={words.handOn(named.length)}
        cancel={words.cancel}
        isBusy={handOn.isBusy}
        error={messageOf(handOn.error)}
        onConfirm={() => void confirm()}
      />
    </Card>
  );
}

const sentence = (
  { handedOn, failed }: Done,
  name: string,
  words: ReturnType<typeof useWords>['suppliers']['goLive'],
): string => (failed.length > 0 ? words.partly(handedOn, failed.length) : words.done(handedOn, name));

interface ListProps {
  readonly rows: readonly GoLiveCandidate[];
  readonly chosen: ReadonlySet<string>;
  readonly onChoose: ((chosen: ReadonlySet<string>) => void) | undefined;
}

function CandidateList({ rows, chosen, onChoose }: ListProps) {
  const words = useWords().suppliers.goLive;
  const { id: account } = useAccount();
  const toggle = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    onChoose?.(next);
  };
  const box = ({ orderId, number }: GoLiveCandidate) =>
    onChoose && (
      <RowCheckbox label={words.choose(number)} checked={chosen.has(orderId)} onChange={() => toggle(orderId)} />
    );
  const link = ({ orderId, number }: GoLiveCandidate) => (
    <Link className={cell.key} to="/$account/orders/$order" params={{ account, order: orderId }}>
      {number}
    </Link>
  );
  return (
    <>
      <Table label={words.title} hasCards>
        <thead>
          <tr>
            {onChoose && (
              <th scope="col">
                <ChooseAll
                  label={words.chooseAll}
                  chosen={rows.filter(({ orderId }) => chosen.has(orderId)).length}
                  rows={rows.length}
                  onChoose={(all) => onChoose(new Set(all ? rows.map(({ orderId }) => orderId) : []))}
                />
              </th>
            )}
            <th scope="col">{words.columns.order}</th>
            <th scope="col">{words.columns.placed}</th>
            <th scope="col">{words.columns.goes}</th>
            <th scope="col">{words.columns.why}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.orderId}>
              {onChoose && <td>{box(row)}</td>}
              <th scope="row">{link(row)}</th>
              <td>{date(row.placedAt)}</td>
              <td>{goes(row)}</td>
              <td className="muted">{words.why}</td>
            </tr>
          ))}
        </tbody>
      </Table>
      <Cards label={words.title}>
        {rows.map((row) => (
          <li key={row.orderId}>
            {link(row)}
            <span className={css['above']}>{box(row)}</span>
            <p>
              {date(row.placedAt)}
              <br />
              {goes(row)}
            </p>
          </li>
        ))}
      </Cards>
    </>
  );
}

const goes = ({ lines }: GoLiveCandidate): string =>
  lines.map(({ quantity, sku }) => `${quantity} × ${sku}`).join(', ');
