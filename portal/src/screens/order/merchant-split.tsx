import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { splitOrder } from '../../api/commands/merchant-orders.ts';
import type { OrderDetail } from '../../api/queries/orders.ts';
import { useCommand } from '../../api/use-command.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { ConfirmDialog } from '../../components/dialog.tsx';
import { Input } from '../../components/field.tsx';
import { useToasts } from '../../components/toast.tsx';
import { newKey, useIntentKey } from '../../lib/intents.ts';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import { openUnits, sumOf } from './rules.ts';
import css from './merchant.module.css';

type Line = OrderDetail['lines'][number];

/** Units that go to a part, by line; as typed. Part 1 has what no other part has. */
interface Part {
  readonly key: string;
  readonly units: Readonly<Record<string, string>>;
}

const newPart = (): Part => ({ key: newKey(), units: {} });
const unitsIn = (part: Part, line: Line): number => Number(part.units[line.id] ?? 0);
const restOf = (line: Line, parts: readonly Part[]): number =>
  openUnits(line) - sumOf(parts, (part) => unitsIn(part, line));

type Words = ReturnType<typeof useWords>['merchantOrder']['split'];

/** What is wrong with the split, for people. */
function faultOf(lines: readonly Line[], parts: readonly Part[], words: Words): string | undefined {
  const above = lines.find((line) => restOf(line, parts) < 0);
  if (above) return words.tooMany(above.name);
  if (lines.every((line) => restOf(line, parts) === 0)) return words.empty(1);
  const empty = parts.findIndex((part) => lines.every((line) => unitsIn(part, line) === 0));
  return empty >= 0 ? words.empty(empty + 2) : undefined;
}

const groupOf = (lines: readonly Line[], units: (line: Line) => number) => ({
  lines: lines.filter((line) => units(line) > 0).map((line) => ({ lineId: line.id, quantity: units(line) })),
});

interface SplitProps {
  readonly order: OrderDetail;
  readonly onClose: () => void;
}

/** Units of each line to parts. Every open unit is in exactly one: what is not moved stays in part 1. */
export function SplitDialog({ order, onClose }: SplitProps) {
  const words = useWords().merchantOrder.split;
  const messageOf = useMessage();
  const { say } = useToasts();
  const split = useCommand(splitOrder);
  const key = useIntentKey();
  const [parts, setParts] = useState<readonly Part[]>(() => [newPart()]);
  const [fault, setFault] = useState<string>();
  const lines = order.lines.filter((line) => openUnits(line) > 0);
  const change = (next: readonly Part[]) => {
    setParts(next);
    setFault(undefined);
  };
  const set = (changed: Part, line: Line, text: string) =>
    change(parts.map((part) => (part === changed ? { ...part, units: { ...part.units, [line.id]: text } } : part)));
  const run = async () => {
    const found = faultOf(lines, parts, words);
    setFault(found);
    if (found !== undefined) return;
    const groups = [
      groupOf(lines, (line) => restOf(line, parts)),
      ...parts.map((part) => groupOf(lines, (line) => unitsIn(part, line))),
    ];
    const { error } = await split.run({ id: order.id, key: key.current(), body: { groups } });
    if (error) return key.refused(error);
    onClose();
    say(words.done(groups.length));
  };
  return (
    <ConfirmDialog
      isOpen
      onClose={onClose}
      title={words.title(order.number)}
      description={words.text}
      confirm={words.confirm(parts.length + 1)}
      cancel={words.cancel}
      isBusy={split.isBusy}
      error={fault ?? messageOf(split.error)}
      onConfirm={() => void run()}
    >
      <PartOne lines={lines} parts={parts} />
      {parts.map((part, index) => (
        <section key={part.key} className={css['part']} aria-label={words.part(index + 2)}>
          <div className={css['partHead']}>
            <h3>{words.part(index + 2)}</h3>
            {parts.length > 1 && (
              <IconButton
                size="small"
                look="quiet"
                label={words.remove(index + 2)}
                onClick={() => change(parts.filter((one) => one !== part))}
              >
                <X size={16} aria-hidden />
              </IconButton>
            )}
          </div>
          <ul className={css['lines']}>
            {lines.map((line) => (
              <li key={line.id} className={css['line']}>
                <Item line={line} />
                <Input
                  type="number"
                  inputMode="numeric"
                  min={0}
                  max={openUnits(line)}
                  controlSize="small"
                  className={css['units']}
                  aria-label={words.unitsIn(line.name, index + 2)}
                  value={part.units[line.id] ?? '0'}
                  onFocus={({ target }) => target.select()}
                  onChange={({ target }) => set(part, line, target.value)}
                />
              </li>
            ))}
          </ul>
        </section>
      ))}
      <div>
        <Button size="small" look="quiet" onClick={() => change([...parts, newPart()])}>
          <Plus size={16} aria-hidden />
          {words.add}
        </Button>
      </div>
    </ConfirmDialog>
  );
}

function PartOne({ lines, parts }: { readonly lines: readonly Line[]; readonly parts: readonly Part[] }) {
  const words = useWords().merchantOrder.split;
  return (
    <section className={css['part']} aria-label={words.part(1)}>
      <div className={css['partHead']}>
        <h3>{words.part(1)}</h3>
      </div>
      <ul className={css['lines']}>
        {lines.map((line) => (
          <li key={line.id} className={css['line']}>
            <Item line={line} />
            <output className={css['rest']} aria-label={words.unitsIn(line.name, 1)}>
              {Math.max(0, restOf(line, parts))}
            </output>
          </li>
        ))}
      </ul>
    </section>
  );
}

const Item = ({ line }: { readonly line: Line }) => (
  <span className={css['what']}>
    {line.name}
    <small>{line.sku}</small>
  </span>
);
