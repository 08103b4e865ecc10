import { useQuery } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { changeChannel } from '../../api/commands/channels.ts';
import { channelKindsQuery, type ChannelKind } from '../../api/queries/channel-kinds.ts';
import type { Channel } from '../../api/queries/channels.ts';
import { useCommand } from '../../api/use-command.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Loaded } from '../../components/states.tsx';
import { useToasts } from '../../components/toast.tsx';
import { useAccountId } from '../../lib/account-id.ts';
import { useWords } from '../../words/use-words.tsx';
import { changeOf, draftOf } from './draft.ts';
import type { ShopKind } from './kinds.ts';
import { ShopForm } from './shop-form.tsx';

interface ShopProps {
  readonly shop: Channel & { readonly kind: ShopKind };
}

/** Name, address and credentials, in a dialog. */
export function ChangeShop({ shop }: ShopProps) {
  const words = useWords().channels.one;
  const [isOpen, open] = useState(false);
  return (
    <>
      <Button size="small" onClick={() => open(true)}>
        <KeyRound size={15} aria-hidden />
        {words.change}
      </Button>
      {isOpen && <ChangeDialog shop={shop} onClose={() => open(false)} />}
    </>
  );
}

function ChangeDialog({ shop, onClose }: ShopProps & { readonly onClose: () => void }) {
  const words = useWords().channels.one;
  const { say } = useToasts();
  const change = useCommand(changeChannel);
  const [draft, setDraft] = useState(() => draftOf(shop));
  const kinds = useQuery(channelKindsQuery(useAccountId()));
  const kind = kinds.data?.find((one) => one.kind === shop.kind);
  const save = async (shown: ChannelKind) => {
    const { error } = await change.run({ id: shop.id, change: changeOf(shown, draft) });
    if (error) return;
    onClose();
    say(words.saved(draft.name));
  };
  return (
    <Dialog isOpen onClose={onClose} title={words.changeTitle(shop.name)} description={words.changeText}>
      <Loaded query={kinds}>
        {() =>
          kind && (
            <ShopForm
              kind={kind}
              draft={draft}
              onChange={setDraft}
              error={change.error}
              onSubmit={() => void save(kind)}
              actions={
                <>
                  <Button onClick={onClose}>{words.cancel}</Button>
                  <Button type="submit" look="primary" isBusy={change.isBusy}>
                    {words.save}
                  </Button>
                </>
              }
            />
          )
        }
      </Loaded>
    </Dialog>
  );
}
