import { useState } from 'react';
import type { Attention } from '../../api/queries/attention.ts';
import { Button } from '../../components/button.tsx';
import { useAccount } from '../../lib/use-account.ts';
import { useWords } from '../../words/use-words.tsx';
import { ProductDialog } from '../order/merchant-product.tsx';
import css from './attention.module.css';

type Line = NonNullable<Attention['lines']>[number];

/** The lines that mean no product, each with its choice. With the last one the order goes on by itself. */
export function UnknownLines({ attention: { lines = [] } }: { readonly attention: Attention }) {
  const words = useWords().attention;
  const { may } = useAccount();
  const [chosen, choose] = useState<Line>();
  if (lines.length === 0) return null;
  return (
    <ul className={css['lines']} aria-label={words.unknownLines}>
      {lines.map((line) => (
        <li key={`${line.orderId}/${line.lineId}`}>
          <span>{words.line(line.name, line.sku)}</span>
          {may('write') && (
            <Button size="small" aria-label={words.chooseFor(line.name)} onClick={() => choose(line)}>
              {words.choose}
            </Button>
          )}
        </li>
      ))}
      {chosen && (
        <ProductDialog
          key={chosen.lineId}
          orderId={chosen.orderId}
          line={{ id: chosen.lineId, name: chosen.name }}
          onClose={() => choose(undefined)}
        />
      )}
    </ul>
  );
}
