import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { ListChecks } from 'lucide-react';
import { channelsQuery } from '../api/queries/channels.ts';
import { rowsOf } from '../api/queries/pages.ts';
import { isRunning, tasksQuery, type Task, type TaskType } from '../api/queries/tasks.ts';
import { Badge, type Tone } from '../components/badge.tsx';
import { Card } from '../components/card.tsx';
import { FilterSelects } from '../components/filter-selects.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Pagination } from '../components/pagination.tsx';
import { Empty, Loaded } from '../components/states.tsx';
import { Cards, cell, Table, Two } from '../components/table.tsx';
import { causeOf, outcomeOf } from '../frame/task-line.tsx';
import { ago, dateTime } from '../lib/format.ts';
import { useAccount } from '../lib/use-account.ts';
import { useWords } from '../words/use-words.tsx';
import css from './activity.module.css';

const types: readonly TaskType[] = ['import_orders', 'import_products', 'write_inventory', 'cancel_orders'];
const statuses: readonly Task['status'][] = ['running', 'succeeded', 'partly_failed', 'failed'];
const tones: Readonly<Record<Task['status'], Tone>> = {
  running: 'blue',
  succeeded: 'green',
  partly_failed: 'amber',
  failed: 'red',
};
const busyMs = 1_000;
const quietMs = 15_000;

/** All runs of tasks, newest first. */
export function ActivityScreen() {
  const words = useWords();
  const { id: account } = useAccount();
  const { channel, task, status } = useSearch({ from: '/$account/activity' });
  const type = types.find((one) => one === task);
  const chosen = statuses.find((one) => one === status);
  const filter = {
    ...(channel !== undefined && { channelId: channel }),
    ...(type && { type }),
    ...(chosen && { status: chosen }),
  };
  const query = useInfiniteQuery({
    ...tasksQuery(account, filter),
    refetchInterval: ({ state }) => (rowsOf(state.data).some(isRunning) ? busyMs : quietMs),
  });
  return (
    <>
      <PageHead title={words.activity.title} sub={words.activity.sub} />
      <Card isFlush>
        <Filters />
        <Loaded query={query}>
          {(data) => {
            const tasks = rowsOf(data);
            if (tasks.length > 0) return <Tasks tasks={tasks} />;
            return (
              <Empty icon={<ListChecks size={22} aria-hidden />} title={words.activity.none}>
                {words.activity.noneHint}
              </Empty>
            );
          }}
        </Loaded>
        <Pagination query={query} />
      </Card>
    </>
  );
}

function Filters() {
  const words = useWords();
  const { id: account } = useAccount();
  const { data: channels } = useQuery(channelsQuery(account));
  const search = useSearch({ from: '/$account/activity' });
  const navigate = useNavigate();
  const choose = (name: 'channel' | 'task' | 'status', value: string) => {
    const { [name]: _before, ...others } = search;
    void navigate({
      to: '/$account/activity',
      params: { account },
      search: value === '' ? others : { ...others, [name]: value },
    });
  };
  const names = channels?.data.map(({ id, name, counterpart }) => [id, counterpart?.name ?? name] as const) ?? [];
  const filters = [
    ['channel', words.activity.everyChannel, names],
    ['task', words.activity.everyTask, types.map((one) => [one, words.tasks[one]] as const)],
    ['status', words.activity.everyStatus, statuses.map((one) => [one, words.activity.statuses[one]] as const)],
  ] as const;
  return <FilterSelects filters={filters} search={search} onChoose={choose} />;
}

function Tasks({ tasks }: { readonly tasks: readonly Task[] }) {
  const words = useWords();
  const { columns } = words.activity;
  const outcome = (task: Task) => <Outcome task={task} />;
  const badge = ({ status }: Task) => <Badge tone={tones[status]}>{words.activity.statuses[status]}</Badge>;
  const whose = ({ counterpart, channelName }: Task) => counterpart?.name ?? channelName;
  return (
    <>
      <Table label={words.activity.title} hasCards>
        <thead>
          <tr>
            <th scope="col">{columns.task}</th>
            <th scope="col">{columns.channel}</th>
            <th scope="col">{columns.outcome}</th>
            <th scope="col">{columns.started}</th>
            <th scope="col">{columns.status}</th>
          </tr>
        </thead>
        <tbody>
          {tasks.map((task) => (
            <tr key={task.id}>
              <td>
                <Two
                  main={<span className={cell.key}>{words.tasks[task.type]}</span>}
                  sub={words.activity.triggers[task.trigger]}
                />
              </td>
              <td>{whose(task)}</td>
              <td>{outcome(task)}</td>
              <td>
                <time dateTime={task.startedAt} title={dateTime(task.startedAt)}>
                  {ago(task.startedAt)}
                </time>
              </td>
              <td>{badge(task)}</td>
            </tr>
          ))}
        </tbody>
      </Table>
      <Cards label={words.activity.title}>
        {tasks.map((task) => (
          <li key={task.id}>
            <strong>{words.tasks[task.type]}</strong>
            {badge(task)}
            <div className={css['wide']}>{outcome(task)}</div>
            <p>
              {whose(task)} · {ago(task.startedAt)}
            </p>
          </li>
        ))}
      </Cards>
    </>
  );
}

/** What it did; the failed items open below. */
function Outcome({ task }: { readonly task: Task }) {
  const words = useWords().activity;
  const text = outcomeOf(task, words);
  if (task.failures.length === 0) return text;
  return (
    <details className={css['failures']}>
      <summary>{text}</summary>
      <ul>
        {task.failures.map(({ item, code }, index) => (
          <li key={`${item}-${index}`}>
            <b>{item}</b> {causeOf(code, words)}
          </li>
        ))}
      </ul>
    </details>
  );
}
