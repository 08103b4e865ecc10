import { changeChannel } from '../../api/commands/channels.ts';
import type { Channel } from '../../api/queries/channels.ts';
import { useCommand } from '../../api/use-command.ts';
import { Card } from '../../components/card.tsx';
import { Switch } from '../../components/field.tsx';
import { useToasts } from '../../components/toast.tsx';
import { useAccount } from '../../lib/use-account.ts';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';

interface LabelCostProps {
  readonly portal: Channel;
  readonly merchant: string;
}

/** Off until the supplier switches it on: its costs are its own. */
export function LabelCost({ portal: { id, sharesLabelCost }, merchant }: LabelCostProps) {
  const words = useWords().labels.shares;
  const { may } = useAccount();
  const { say, complain } = useToasts();
  const messageOf = useMessage();
  const change = useCommand(changeChannel);
  const press = async (isOn: boolean) => {
    const { error } = await change.run({ id, change: { sharesLabelCost: isOn } });
    if (error) complain(messageOf(error) ?? '');
    else say((isOn ? words.on : words.off)(merchant));
  };
  return (
    <Card title={words.title}>
      <Switch
        label={words.label}
        hint={words.hint}
        checked={sharesLabelCost}
        disabled={!may('admin') || change.isBusy}
        onChange={({ target }) => void press(target.checked)}
      />
    </Card>
  );
}
