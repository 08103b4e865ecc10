import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { carriersQuery } from '../../api/queries/carriers.ts';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { Field, Input, Select } from '../../components/field.tsx';
import { Kbd } from '../../components/kbd.tsx';
import { useAccountId } from '../../lib/account-id.ts';
import { useWords } from '../../words/use-words.tsx';
import type { Question } from './line-state.ts';
import type { ScanLine } from './line.ts';
import css from './ship.module.css';

interface PanelProps<Q extends Question> {
  readonly question: Q;
  readonly line: ScanLine;
}

/** What only a person knows; each answer has a key. Escape takes the scan back. */
export function QuestionPanel({ question, line }: PanelProps<Question>) {
  const words = useWords().ship;
  return (
    <div className={css['question']}>
      {question.kind === 'order' ? (
        <WhichOrder question={question} line={line} />
      ) : (
        <WhichCarrier question={question} line={line} />
      )}
      <Button look="quiet" size="small" onClick={() => line.escape()}>
        {words.takeBack} <Kbd>Esc</Kbd>
      </Button>
    </div>
  );
}

function WhichOrder({ question, line }: PanelProps<Question & { kind: 'order' }>) {
  const words = useWords();
  return (
    <>
      <div role="alert">
        <strong>{words.ship.whichOrder(question.scan.text)}</strong>
        <p>{words.ship.whichOrderHint}</p>
      </div>
      <ul className={css['choices']}>
        {question.rows.map((row, at) => (
          <li key={row.id}>
            <button type="button" className={css['choice']} onClick={() => line.chooseOrder(row)}>
              <Kbd>{at + 1}</Kbd>
              <span>
                <b>{row.counterpart?.name ?? row.channelName}</b>
                <small>
                  {row.firstLine.quantity} × {row.firstLine.name} · {row.shipTo.name} {row.shipTo.city}
                </small>
              </span>
              <Badge>{words.status[row.badge]}</Badge>
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function WhichCarrier({ question, line }: PanelProps<Question & { kind: 'carrier' }>) {
  const account = useAccountId();
  const words = useWords().ship;
  const { data } = useQuery(carriersQuery(account));
  const carriers = data?.data ?? [];
  const [code, setCode] = useState('');
  const [name, setName] = useState('');
  const needsName = carriers.find((carrier) => carrier.code === code)?.requiresName ?? false;
  const { candidates } = question;
  return (
    <>
      <div role="alert">
        <strong>{words.whichCarrier(question.trackingNumber)}</strong>
        <p>{candidates.length > 0 ? words.whichCarrierSome : words.whichCarrierNone}</p>
      </div>
      {candidates.length > 0 && (
        <ul className={css['choices']}>
          {candidates.map((candidate, at) => (
            <li key={candidate}>
              <button type="button" className={css['choice']} onClick={() => line.chooseCarrier(candidate)}>
                <Kbd>{at + 1}</Kbd>
                <b>{carriers.find((carrier) => carrier.code === candidate)?.name ?? candidate}</b>
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className={css['other']}>
        <Field label={words.otherCarrier}>
          {(ids) => (
            <Select
              {...ids}
              value={code}
              onChange={(event) => setCode(event.target.value)}
              options={[['', words.chooseCarrier], ...carriers.map((carrier) => [carrier.code, carrier.name] as const)]}
            />
          )}
        </Field>
        {needsName && (
          <Field label={words.carrierName}>
            {(ids) => <Input {...ids} value={name} onChange={(event) => setName(event.target.value)} />}
          </Field>
        )}
        {code !== '' && (
          <Button
            look="primary"
            disabled={needsName && name.trim() === ''}
            onClick={() => line.chooseCarrier(code, needsName ? name.trim() : undefined)}
          >
            {words.record}
          </Button>
        )}
      </div>
    </>
  );
}
