import { useState, type SubmitEvent } from 'react';
import type { ApiError } from '../../api/client.ts';
import type { Paper, PickOrder, Printable } from '../../api/queries/print-jobs.ts';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { Checkbox, Field, Select } from '../../components/field.tsx';
import { useIntentKey } from '../../lib/intents.ts';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import { chooseUsual, papers, printables, usualPaper, usualPrintables } from './usual.ts';
import css from './print.module.css';

const sorts = ['number', 'sku', 'bin'] as const satisfies readonly PickOrder[];
/** So many orders the service prints at once. */
const most = 200;

export interface Choice {
  readonly key: string;
  readonly documents: Printable[];
  readonly paper: Paper;
  readonly sort: PickOrder;
}

interface PrintChoiceProps {
  readonly orders: number;
  readonly isBusy: boolean;
  readonly error: ApiError | undefined;
  readonly onPrint: (choice: Choice) => Promise<ApiError | undefined>;
  readonly onClose: () => void;
}

/** What and on which paper; the next time it is the same. */
export function PrintChoice({ orders, isBusy, error, onPrint, onClose }: PrintChoiceProps) {
  const words = useWords().paper;
  const own = words.printing;
  const messageOf = useMessage();
  const key = useIntentKey();
  const [chosen, setChosen] = useState(usualPrintables);
  const [paper, setPaper] = useState(usualPaper);
  const [sort, setSort] = useState<PickOrder>('number');
  const [fault, setFault] = useState<string>();
  const choose = (one: Printable, isChosen: boolean) => {
    key.renew();
    setChosen((now) => printables.filter((other) => (other === one ? isChosen : now.includes(other))));
  };
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const found = chosen.length === 0 ? own.nothing : orders > most ? own.most : undefined;
    setFault(found);
    if (found !== undefined || isBusy) return;
    chooseUsual(paper, chosen);
    const refusal = await onPrint({ key: key.current(), documents: [...chosen], paper, sort });
    if (refusal) key.refused(refusal);
  };
  const shownError = fault ?? messageOf(error);
  return (
    <form className="stack" onSubmit={(event) => void submit(event)}>
      <fieldset className="plain">
        <legend>{own.what}</legend>
        {printables.map((one) => (
          <Checkbox
            key={one}
            label={own.documents[one]}
            hint={own.hints[one]}
            checked={chosen.includes(one)}
            onChange={({ target }) => choose(one, target.checked)}
          />
        ))}
      </fieldset>
      <div className={css['two']}>
        <Field label={own.paper}>
          {(ids) => (
            <Select
              {...ids}
              value={paper}
              options={papers.map((one) => [one, words.papers[one]])}
              onChange={({ target }) => {
                key.renew();
                setPaper(papers.find((one) => one === target.value) ?? paper);
              }}
            />
          )}
        </Field>
        {orders > 1 && (
          <Field label={own.sort}>
            {(ids) => (
              <Select
                {...ids}
                value={sort}
                options={sorts.map((one) => [one, own.sorts[one]])}
                onChange={({ target }) => {
                  key.renew();
                  setSort(sorts.find((one) => one === target.value) ?? sort);
                }}
              />
            )}
          </Field>
        )}
      </div>
      {shownError !== undefined && <Banner tone="red" title={shownError} />}
      <div className={css['actions']}>
        <Button onClick={onClose}>{own.cancel}</Button>
        <Button type="submit" look="primary" isBusy={isBusy}>
          {own.confirm}
        </Button>
      </div>
    </form>
  );
}
