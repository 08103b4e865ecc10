import { useQuery, useQueryClient } from '@tanstack/react-query';
import { MonitorSmartphone } from 'lucide-react';
import type { Device } from '../../../../clients/typescript/src/index.ts';
import { endDevice } from '../../api/commands/session.ts';
import { devicesQuery } from '../../api/queries/session.ts';
import { useRun } from '../../api/run.ts';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { Card } from '../../components/card.tsx';
import { Loaded, Skeleton } from '../../components/states.tsx';
import { useToasts } from '../../components/toast.tsx';
import { ago, dateTime } from '../../lib/format.ts';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';
import { deviceName } from './device-name.ts';
import css from './profile.module.css';

/** Where the person is signed in; each other place can be ended. */
export function Devices() {
  const words = useWords().profile;
  const query = useQuery(devicesQuery);
  return (
    <Card isFlush title={words.devices}>
      <Loaded query={query} skeleton={<Skeleton rows={2} />}>
        {({ data }) => (
          <ul className={css['devices']} aria-label={words.devices}>
            {data.map((device) => (
              <DeviceLine key={device.id} device={device} />
            ))}
          </ul>
        )}
      </Loaded>
    </Card>
  );
}

function DeviceLine({ device }: { readonly device: Device }) {
  const words = useWords().profile;
  const { say, complain } = useToasts();
  const messageOf = useMessage();
  const queries = useQueryClient();
  const end = useRun(endDevice);
  const known = deviceName(device.userAgent);
  const name =
    known === undefined
      ? words.unknownDevice
      : known.system === undefined
        ? known.browser
        : words.device(known.browser, known.system);
  const press = async () => {
    const { error } = await end.run(device.id);
    if (error) complain(messageOf(error) ?? '');
    else say(words.ended(name));
    // Also after a refusal: it may have ended meanwhile.
    await queries.invalidateQueries({ queryKey: devicesQuery.queryKey });
  };
  return (
    <li>
      <MonitorSmartphone size={20} aria-hidden />
      <div className={css['device']}>
        <b>{name}</b>
        <small>
          {words.seen(ago(device.seenAt))} · {words.since(dateTime(device.createdAt))}
        </small>
      </div>
      {device.isCurrent ? (
        <Badge tone="green">{words.here}</Badge>
      ) : (
        <Button size="small" aria-label={words.endOf(name)} isBusy={end.isBusy} onClick={() => void press()}>
          {words.end}
        </Button>
      )}
    </li>
  );
}
