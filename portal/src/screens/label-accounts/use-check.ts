import { checkLabelAccount } from '../../api/commands/label-accounts.ts';
import type { LabelAccount } from '../../api/queries/label-accounts.ts';
import { useCommand } from '../../api/use-command.ts';
import { useToasts } from '../../components/toast.tsx';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';

/** Tries the credentials of a label account, and says what they can buy. */
export function useCheck() {
  const words = useWords().labels.accounts;
  const messageOf = useMessage();
  const { say, complain } = useToasts();
  const { run, isBusy } = useCommand(checkLabelAccount);
  const check = async ({ id, name }: Pick<LabelAccount, 'id' | 'name'>) => {
    const { data, error } = await run(id);
    if (error) return complain(words.checkFailed(name), messageOf(error));
    const carriers = data.carriers.length > 0 ? words.worksFor(data.carriers.join(', ')) : undefined;
    say(words.works(name), data.isTest ? words.worksTest : carriers);
  };
  return { check, isBusy };
}
