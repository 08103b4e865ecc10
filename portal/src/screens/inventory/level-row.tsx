import { useState } from 'react';
import type { Level } from '../../api/queries/stock.ts';
import { Badge } from '../../components/badge.tsx';
import { cell } from '../../components/table.tsx';
import { count } from '../../lib/format.ts';
import { useWords } from '../../words/use-words.tsx';
import { AdjustDialog } from './adjust-dialog.tsx';
import { OnHand } from './on-hand.tsx';
import { Sharing } from './sharing.tsx';
import { useLevel } from './use-level.ts';
import css from './inventory.module.css';

interface LevelProps {
  readonly level: Level;
  /** A supplier reports it, or the person may only look. */
  readonly isReadOnly: boolean;
  readonly hasWarehouse: boolean;
}

/** A row of the table. */
export function LevelRow({ level, isReadOnly, hasWarehouse }: LevelProps) {
  const { cells, available } = useCells(level, isReadOnly);
  return (
    <tr>
      <th scope="row">
        <b className={css['sku']}>{level.sku}</b>
      </th>
      <td className={css['name']}>{level.productName}</td>
      {hasWarehouse && <td className="muted">{level.warehouseName}</td>}
      <td className={cell.end}>{cells}</td>
      <td className={cell.end}>{count(level.committed)}</td>
      <td className={cell.end}>
        <Available value={available} />
      </td>
      <td>
        <Sharing sharing={level.sharing} />
      </td>
    </tr>
  );
}

/** The same as a card, on phones. */
export function LevelCard({ level, isReadOnly, hasWarehouse }: LevelProps) {
  const words = useWords().inventory;
  const { cells, available } = useCells(level, isReadOnly);
  return (
    <li>
      <b>{level.sku}</b>
      <Sharing sharing={level.sharing} />
      <p>{hasWarehouse ? `${level.productName} · ${level.warehouseName}` : level.productName}</p>
      <div className={css['figures']}>
        <div>
          <span>{words.onHand}</span>
          {cells}
        </div>
        <div>
          <span>{words.committed}</span>
          <b>{count(level.committed)}</b>
        </div>
        <div>
          <span>{words.available}</span>
          <Available value={available} />
        </div>
      </div>
    </li>
  );
}

function useCells(level: Level, isReadOnly: boolean) {
  const { onHand, available, isSaved, save } = useLevel(level);
  const [adjustBy, setAdjustBy] = useState<number>();
  const cells = isReadOnly ? (
    count(onHand)
  ) : (
    <>
      <OnHand level={level} onHand={onHand} isSaved={isSaved} onSave={save} onAdjust={setAdjustBy} />
      {adjustBy !== undefined && <AdjustDialog level={level} by={adjustBy} onClose={() => setAdjustBy(undefined)} />}
    </>
  );
  return { cells, available };
}

const Available = ({ value }: { readonly value: number }) =>
  value < 0 ? <Badge tone="red">{count(value)}</Badge> : <b>{count(value)}</b>;
