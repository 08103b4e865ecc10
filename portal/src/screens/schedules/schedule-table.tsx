import { useQueryClient } from '@tanstack/react-query';
import { Play } from 'lucide-react';
import { useState } from 'react';
import { changeSchedule, runTask } from '../../api/commands/channels.ts';
import { isUnderWay, schedulesQuery, type Schedule } from '../../api/queries/channels.ts';
import { useCommand } from '../../api/use-command.ts';
import { Button } from '../../components/button.tsx';
import { Select, Switch } from '../../components/field.tsx';
import { Cards, Table, Two } from '../../components/table.tsx';
import { useToasts } from '../../components/toast.tsx';
import { outcomeOf } from '../../frame/task-line.tsx';
import { useAccountId } from '../../lib/account-id.ts';
import { ago, dateTime } from '../../lib/format.ts';
import { newKey } from '../../lib/intents.ts';
import { useAccount } from '../../lib/use-account.ts';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import css from './schedules.module.css';

type Interval = NonNullable<Schedule['interval']>;

/** Tasks with how often they run, when next, what the last run did, and their controls. */
export function ScheduleTable({ label, rows }: { readonly label: string; readonly rows: readonly Schedule[] }) {
  const words = useWords();
  const { may } = useAccount();
  const { columns } = words.schedules;
  const canChange = may('write');
  return (
    <>
      <Table label={label} hasCards>
        <thead>
          <tr>
            <th scope="col">{columns.task}</th>
            <th scope="col">{columns.interval}</th>
            <th scope="col">{columns.next}</th>
            <th scope="col">{columns.last}</th>
            <th scope="col">{columns.isOn}</th>
            {canChange && <th scope="col">{columns.now}</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map((schedule) => (
            <tr key={schedule.task}>
              <th scope="row">
                <b>{words.tasks[schedule.task]}</b>
              </th>
              <td>
                <IntervalChoice schedule={schedule} />
              </td>
              <td>
                <NextRun schedule={schedule} />
              </td>
              <td>
                <LastRun schedule={schedule} />
              </td>
              <td>
                <OnOff schedule={schedule} />
              </td>
              {canChange && (
                <td>
                  <RunNow schedule={schedule} />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </Table>
      <Cards label={label}>
        {rows.map((schedule) => (
          <li key={schedule.task}>
            <b>{words.tasks[schedule.task]}</b>
            <OnOff schedule={schedule} />
            <p>
              {columns.next}: <NextRun schedule={schedule} />
            </p>
            <div className={css['wide']}>
              <LastRun schedule={schedule} />
            </div>
            <div className={css['controls']}>
              <IntervalChoice schedule={schedule} />
              {canChange && <RunNow schedule={schedule} />}
            </div>
          </li>
        ))}
      </Cards>
    </>
  );
}

interface RowProps {
  readonly schedule: Schedule;
}

function IntervalChoice({ schedule: { channelId, task, interval } }: RowProps) {
  const words = useWords();
  const { may } = useAccount();
  const { say, complain } = useToasts();
  const messageOf = useMessage();
  const change = useCommand(changeSchedule);
  const names = words.schedules.intervals;
  if (!may('write')) return interval === null ? words.schedules.byHand : names[interval];
  const isInterval = (value: string): value is Interval => value in names;
  const choose = async (value: string) => {
    if (!isInterval(value)) return;
    const { error } = await change.run({ channelId, task, change: { interval: value } });
    if (error) complain(messageOf(error) ?? '');
    else say(words.schedules.changed(words.tasks[task], names[value]));
  };
  return (
    <Select
      controlSize="small"
      aria-label={words.schedules.intervalOf(words.tasks[task])}
      value={interval ?? ''}
      disabled={change.isBusy}
      options={[...(interval === null ? [['', words.schedules.byHand] as const] : []), ...Object.entries(names)]}
      onChange={({ target }) => void choose(target.value)}
    />
  );
}

function NextRun({ schedule: { paused, nextRuns } }: RowProps) {
  const words = useWords();
  const [next] = nextRuns;
  if (paused) return <span className="muted">{words.schedules.paused}</span>;
  if (next === undefined) return words.common.none;
  return (
    <time dateTime={next} title={dateTime(next)}>
      {ago(next)}
    </time>
  );
}

function LastRun({ schedule: { lastTask } }: RowProps) {
  const words = useWords();
  if (!lastTask) return <span className="muted">{words.schedules.never}</span>;
  return <Two main={outcomeOf(lastTask, words.activity)} sub={ago(lastTask.startedAt)} />;
}

/** On: it runs by itself. */
function OnOff({ schedule: { channelId, task, paused } }: RowProps) {
  const words = useWords();
  const { may } = useAccount();
  const press = usePause();
  return (
    <Switch
      label={<span className="visually-hidden">{words.schedules.isOn(words.tasks[task])}</span>}
      checked={press.wanted ?? !paused}
      disabled={!may('write') || press.isBusy}
      onChange={({ target }) => void press.run({ channelId, task, isOn: target.checked })}
    />
  );
}

/** Pauses and resumes a schedule, and says so. `wanted`: what was pressed, until the answer is here. */
export function usePause() {
  const words = useWords();
  const { say, complain } = useToasts();
  const messageOf = useMessage();
  const change = useCommand(changeSchedule);
  const account = useAccountId();
  const queries = useQueryClient();
  const [wanted, want] = useState<boolean>();
  const run = async ({ isOn, ...at }: Pick<Schedule, 'channelId' | 'task'> & { readonly isOn: boolean }) => {
    want(isOn);
    const { error } = await change.run({ ...at, change: { paused: !isOn } });
    await queries.refetchQueries({ queryKey: schedulesQuery(account, at.channelId).queryKey });
    want(undefined);
    const task = words.tasks[at.task];
    if (error) complain(messageOf(error) ?? '');
    else if (isOn) say(words.schedules.nowOn(task));
    else say(words.schedules.nowPaused(task), words.schedules.nowPausedText);
  };
  return { run, isBusy: wanted !== undefined, wanted };
}

function RunNow({ schedule }: RowProps) {
  const words = useWords();
  const { complain } = useToasts();
  const messageOf = useMessage();
  const start = useCommand(runTask);
  const { channelId, task } = schedule;
  const press = async () => {
    const { error } = await start.run({ channelId, task, key: newKey() });
    if (error) complain(messageOf(error) ?? '');
  };
  return (
    <Button
      size="small"
      aria-label={words.schedules.runNowOf(words.tasks[task])}
      isBusy={start.isBusy || isUnderWay(schedule)}
      onClick={() => void press()}
    >
      {!start.isBusy && !isUnderWay(schedule) && <Play size={14} aria-hidden />}
      {words.schedules.runNow}
    </Button>
  );
}
