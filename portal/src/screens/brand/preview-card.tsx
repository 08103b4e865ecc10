import { useQuery } from '@tanstack/react-query';
import { Printer } from 'lucide-react';
import { useState } from 'react';
import { readSlip } from '../../api/commands/brand.ts';
import { newestOrdersQuery } from '../../api/queries/orders.ts';
import type { OrderRow } from '../../api/queries/orders.ts';
import { useCommand } from '../../api/use-command.ts';
import { Banner } from '../../components/banner.tsx';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Field, Select } from '../../components/field.tsx';
import { Loaded, Skeleton } from '../../components/states.tsx';
import { openFileTab } from '../../lib/files.ts';
import { useAccount } from '../../lib/use-account.ts';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import { papers, usualPaper } from '../print/usual.ts';

/** The slip of an order, as the supplier prints it. */
export function PreviewCard() {
  const words = useWords().paper.brand;
  const { id: account } = useAccount();
  const query = useQuery(newestOrdersQuery(account));
  return (
    <Card title={words.preview}>
      <Loaded query={query} skeleton={<Skeleton rows={2} />}>
        {({ data }) => (data.length === 0 ? <p className="muted">{words.noOrders}</p> : <Preview orders={data} />)}
      </Loaded>
    </Card>
  );
}

function Preview({ orders }: { readonly orders: readonly OrderRow[] }) {
  const { brand: words, papers: names, printing } = useWords().paper;
  const messageOf = useMessage();
  const read = useCommand(readSlip);
  const [chosen, choose] = useState<string>();
  const [paper, setPaper] = useState(usualPaper);
  // The newest, until a person chooses one; also where the chosen one is not among them any more.
  const order = orders.find(({ id }) => id === chosen) ?? orders[0];
  const open = async () => {
    if (!order) return;
    const tab = openFileTab();
    const { data } = await read.run({ order: order.id, paper });
    if (data) tab.show(data, `${order.number}.pdf`);
    else tab.close();
  };
  return (
    <div className="stack">
      <p className="muted">{words.previewText}</p>
      <Field label={words.previewOf}>
        {(ids) => (
          <Select
            {...ids}
            value={order?.id ?? ''}
            options={orders.map(({ id, number }) => [id, number] as const)}
            onChange={({ target }) => choose(target.value)}
          />
        )}
      </Field>
      <Field label={printing.paper}>
        {(ids) => (
          <Select
            {...ids}
            value={paper}
            options={papers.map((one) => [one, names[one]] as const)}
            onChange={({ target }) => setPaper(papers.find((one) => one === target.value) ?? paper)}
          />
        )}
      </Field>
      {read.error && <Banner tone="red" title={messageOf(read.error)} />}
      <div className="row">
        <Button isBusy={read.isBusy} onClick={() => void open()}>
          <Printer size={16} aria-hidden />
          {words.openPreview}
        </Button>
      </div>
    </div>
  );
}
