import { changeChannel } from '../../api/commands/channels.ts';
import type { Channel, ChannelCheck } from '../../api/queries/channels.ts';
import { useCommand } from '../../api/use-command.ts';
import { Field, Select } from '../../components/field.tsx';
import { useToasts } from '../../components/toast.tsx';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';

interface LocationProps {
  readonly channel: Channel;
  readonly locations: ChannelCheck['locations'];
  readonly onChange: (channel: Channel) => void;
}

/** Where stock is written, of a shop that has several locations. It is stored at once. */
export function LocationChoice({ channel, locations, onChange }: LocationProps) {
  const words = useWords().channels.check;
  const { say, complain } = useToasts();
  const messageOf = useMessage();
  const change = useCommand(changeChannel);
  if (locations.length < 2) return null;
  const { stockLocationId, ...others } = channel.settings;
  const choose = async (id: string) => {
    const settings = { ...others, ...(id !== '' && { stockLocationId: id }) };
    const { data, error } = await change.run({ id: channel.id, change: { settings } });
    if (error) return complain(messageOf(error) ?? '');
    say(words.locationSaved);
    onChange(data);
  };
  return (
    <Field label={words.location} hint={words.locationHint}>
      {(ids) => (
        <Select
          {...ids}
          value={stockLocationId ?? ''}
          disabled={change.isBusy}
          options={[['', words.firstLocation], ...locations.map(({ id, name }) => [id, name] as const)]}
          onChange={({ target }) => void choose(target.value)}
        />
      )}
    </Field>
  );
}
