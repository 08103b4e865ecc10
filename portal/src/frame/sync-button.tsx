import { useQuery } from '@tanstack/react-query';
import { Ban, Check, ChevronDown, Download, PackagePlus, RefreshCw, Upload } from 'lucide-react';
import type { ReactNode } from 'react';
import { syncAll } from '../api/commands/tasks.ts';
import { channelsQuery } from '../api/queries/channels.ts';
import { isRunning, recentTasksQuery, type TaskType } from '../api/queries/tasks.ts';
import { useCommand } from '../api/use-command.ts';
import { Button, IconButton, Spinner } from '../components/button.tsx';
import { Menu, MenuItem, MenuSeparator } from '../components/menu.tsx';
import { useToasts } from '../components/toast.tsx';
import { newKey } from '../lib/intents.ts';
import { useAccount } from '../lib/use-account.ts';
import { useMessage } from '../lib/use-message.ts';
import { useWords } from '../words/use-words.tsx';
import { causeOf } from './task-line.tsx';
import css from './sync-button.module.css';

const order: readonly TaskType[] = ['import_orders', 'import_products', 'write_inventory', 'cancel_orders'];
const icons: Readonly<Record<TaskType, ReactNode>> = {
  import_orders: <Download size={17} aria-hidden />,
  import_products: <PackagePlus size={17} aria-hidden />,
  write_inventory: <Upload size={17} aria-hidden />,
  cancel_orders: <Ban size={17} aria-hidden />,
};

/** Runs the tasks of all channels now. It shows nothing where no channel has one, or to who may not. */
export function SyncButton() {
  const words = useWords();
  const { id: account, may, sells, supplies } = useAccount();
  const { data: channels } = useQuery(channelsQuery(account));
  const { data: recent } = useQuery(recentTasksQuery(account));
  const { complain } = useToasts();
  const messageOf = useMessage();
  const { run, isBusy } = useCommand(syncAll);
  const tasks = order.filter((task) => channels?.data.some((channel) => channel.tasks.includes(task)));
  if (tasks.length === 0 || !may('write')) return null;

  const sync = async (chosen?: readonly TaskType[]) => {
    const { data, error } = await run({ key: newKey(), ...(chosen && { tasks: chosen }) });
    if (error) complain(words.activity.syncFailed, messageOf(error));
    for (const { channelName, task, code } of data?.failed ?? [])
      complain(`${words.tasks[task]}: ${channelName}`, causeOf(code, words.activity));
  };
  const isSyncing = isBusy || (recent?.data.some((task) => isRunning(task) && task.trigger === 'sync') ?? false);
  const hints = supplies && !sells ? words.activity.supplierHints : words.activity.merchantHints;
  return (
    <div className={css['sync']}>
      <Button look="primary" className={css['main']} aria-live="polite" onClick={() => void sync()}>
        {isSyncing ? <Spinner /> : <RefreshCw size={16} aria-hidden />}
        <span className={css['label']}>{isSyncing ? words.activity.syncing : words.activity.sync}</span>
      </Button>
      <Menu
        trigger={
          <IconButton look="primary" label={words.activity.syncOne} className={css['arrow']}>
            <ChevronDown size={16} aria-hidden />
          </IconButton>
        }
      >
        {tasks.map((task) => (
          <MenuItem key={task} icon={icons[task]} hint={hints[task]} onSelect={() => void sync([task])}>
            {words.tasks[task]}
          </MenuItem>
        ))}
        <MenuSeparator />
        <MenuItem icon={<Check size={17} aria-hidden />} onSelect={() => void sync()}>
          {words.activity.syncAll}
        </MenuItem>
      </Menu>
    </div>
  );
}
