import { useQuery } from '@tanstack/react-query';
import { CalendarClock } from 'lucide-react';
import { schedulesQuery, type Channel, type Schedule } from '../../api/queries/channels.ts';
import { Card } from '../../components/card.tsx';
import { Switch } from '../../components/field.tsx';
import { Empty, Loaded, Skeleton } from '../../components/states.tsx';
import { useAccount } from '../../lib/use-account.ts';
import { useWords } from '../../words/use-words.tsx';
import { ScheduleTable, usePause } from './schedule-table.tsx';
import css from './schedules.module.css';

interface ChannelProps {
  readonly channel: Channel;
}

/** The tasks that run by themselves, but Cancel Orders, which has a card of its own. */
export function SchedulesCard({ channel }: ChannelProps) {
  const words = useWords().schedules;
  const { id: account } = useAccount();
  const hasTasks = channel.tasks.length > 0;
  const query = useQuery({ ...schedulesQuery(account, channel.id), enabled: hasTasks });
  if (!hasTasks)
    return (
      <Card title={words.title} isFlush>
        <Empty icon={<CalendarClock size={22} aria-hidden />} title={words.none}>
          {words.noneHint}
        </Empty>
      </Card>
    );
  return (
    <Card title={words.title} isFlush>
      <Loaded query={query} skeleton={<Skeleton rows={3} />}>
        {({ data }) => {
          const rows = data.filter(({ task }) => task !== 'cancel_orders' && channel.tasks.includes(task));
          if (rows.length > 0) return <ScheduleTable label={words.title} rows={rows} />;
          return (
            <Empty icon={<CalendarClock size={22} aria-hidden />} title={words.empty}>
              {words.emptyHint}
            </Empty>
          );
        }}
      </Loaded>
    </Card>
  );
}

/** Cancel Orders: off until somebody switches it on, since it cancels without asking. */
export function CancelsCard({ channel }: ChannelProps) {
  const words = useWords();
  const { id: account } = useAccount();
  const query = useQuery({ ...schedulesQuery(account, channel.id), enabled: channel.tasks.includes('cancel_orders') });
  const schedule = query.data?.data.find(({ task }) => task === 'cancel_orders');
  if (!schedule) return null;
  const title = words.tasks.cancel_orders;
  return (
    <Card title={title} isFlush>
      <div className={css['cancels']}>
        <CancelSwitch channel={channel} schedule={schedule} />
      </div>
      {!schedule.paused && <ScheduleTable label={title} rows={[schedule]} />}
    </Card>
  );
}

function CancelSwitch({ channel, schedule }: ChannelProps & { readonly schedule: Schedule }) {
  const { cancels } = useWords().schedules;
  const { may } = useAccount();
  const press = usePause();
  const { channelId, task } = schedule;
  return (
    <Switch
      label={channel.isPortal ? cancels.merchant : cancels.shop}
      hint={channel.isPortal ? cancels.merchantHint : cancels.shopHint}
      checked={press.wanted ?? !schedule.paused}
      disabled={!may('write') || press.isBusy}
      onChange={({ target }) => void press.run({ channelId, task, isOn: target.checked })}
    />
  );
}
