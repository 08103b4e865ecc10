import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Activity } from 'lucide-react';
import { recentTasksQuery } from '../api/queries/tasks.ts';
import { Button } from '../components/button.tsx';
import { Popover } from '../components/popover.tsx';
import { Loaded, Skeleton } from '../components/states.tsx';
import { useWords } from '../words/use-words.tsx';
import { TaskLine } from './task-line.tsx';
import css from './task-line.module.css';

/** The five most recent runs. */
export function ActivityMenu({ account }: { readonly account: string }) {
  const words = useWords();
  return (
    <Popover
      title={words.activity.recent}
      trigger={
        <Button aria-label={words.activity.title}>
          <Activity size={16} aria-hidden />
          <span className="wide-only">{words.activity.title}</span>
        </Button>
      }
    >
      <Recent account={account} />
      <Link to="/$account/activity" params={{ account }} className={css['all']}>
        {words.activity.all}
      </Link>
    </Popover>
  );
}

function Recent({ account }: { readonly account: string }) {
  const words = useWords().activity;
  const tasks = useQuery(recentTasksQuery(account));
  return (
    <Loaded query={tasks} skeleton={<Skeleton rows={5} />}>
      {({ data }) =>
        data.length === 0 ? (
          <p className={css['none']}>{words.none}</p>
        ) : (
          <ol>
            {data.map((task) => (
              <TaskLine key={task.id} task={task} />
            ))}
          </ol>
        )
      }
    </Loaded>
  );
}
