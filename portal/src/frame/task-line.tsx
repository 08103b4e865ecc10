import { CircleAlert, CircleCheck, TriangleAlert } from 'lucide-react';
import type { Task } from '../api/queries/tasks.ts';
import { Spinner } from '../components/button.tsx';
import { ago, count, dateTime } from '../lib/format.ts';
import type { Words } from '../words/en.ts';
import { useWords } from '../words/use-words.tsx';
import css from './task-line.module.css';

const shownCounts = ['created', 'updated', 'written', 'cancelled', 'waiting', 'failed'] as const;

/** What a run did, in words: `3 new, 1 failed`, or why it failed. */
export function outcomeOf({ status, counts, cause }: Task, words: Words['activity']): string {
  if (status === 'running') return words.running;
  if (status === 'failed') return causeOf(cause, words);
  const parts = shownCounts.flatMap((kind) => (counts[kind] > 0 ? [words.counts[kind](count(counts[kind]))] : []));
  return parts.length > 0 ? parts.join(', ') : words.nothing;
}

/** A code in words; an unknown one as it is. */
export function causeOf(code: string | null, words: Words['activity']): string {
  const known: Readonly<Record<string, string>> = words.causes;
  return (code !== null ? known[code] : undefined) ?? words.failed((code ?? 'unexpected').replaceAll('_', ' '));
}

function Mark({ status }: { readonly status: Task['status'] }) {
  const { statuses } = useWords().activity;
  if (status === 'running') return <Spinner size={18} label={statuses.running} />;
  const [Icon, tone] = {
    succeeded: [CircleCheck, 'ok'] as const,
    partly_failed: [TriangleAlert, 'partly'] as const,
    failed: [CircleAlert, 'bad'] as const,
  }[status];
  return <Icon size={18} className={css[tone]} role="img" aria-label={statuses[status]} />;
}

/** A run in a list: task, merchant or shop, what it did, when. */
export function TaskLine({ task }: { readonly task: Task }) {
  const words = useWords();
  return (
    <li className={css['task']}>
      <Mark status={task.status} />
      <div>
        <b>{words.tasks[task.type]}</b>
        <p>
          {task.counterpart?.name ?? task.channelName} · {outcomeOf(task, words.activity)}
        </p>
      </div>
      <time dateTime={task.startedAt} title={dateTime(task.startedAt)}>
        {ago(task.startedAt)}
      </time>
    </li>
  );
}
