import { useQuery } from '@tanstack/react-query';
import type { Attention, AttentionCode } from '../../api/queries/attention.ts';
import { channelsQuery } from '../../api/queries/channels.ts';
import { ButtonLink } from '../../components/button.tsx';
import { useAccountId } from '../../lib/account-id.ts';
import { useWords } from '../../words/use-words.tsx';

/** Where a cause is mended. A cause that is not here is decided on this page, or mended outside. */
const places: Readonly<
  Partial<Record<AttentionCode, 'edit' | 'supplier' | 'order' | 'credentials' | 'channel' | 'labelAccount'>>
> = {
  order_edited: 'edit',
  rejected_by_supplier: 'supplier',
  connection_not_active: 'supplier',
  dropship_loop: 'supplier',
  cancelled_in_shop: 'order',
  order_shipped: 'order',
  channel_unauthorized: 'credentials',
  channel_unreachable: 'channel',
  channel_rate_limited: 'channel',
  too_many_calls: 'channel',
  label_account_unauthorized: 'labelAccount',
};

/** The page on which it is mended, as a link. */
export function Fix({ attention: { code, orderId, channelId } }: { readonly attention: Attention }) {
  const words = useWords().attention.fix;
  const account = useAccountId();
  const { data } = useQuery(channelsQuery(account));
  const place = places[code];
  if (place === undefined) return null;
  if (place === 'credentials' || place === 'channel') {
    const channel = data?.data.find(({ id }) => id === channelId);
    if (!channel || channel.isPortal) return null;
    return (
      <ButtonLink size="small" to="/$account/channels/$channel" params={{ account, channel: channel.id }}>
        {words[place]}
      </ButtonLink>
    );
  }
  if (place === 'labelAccount')
    return (
      <ButtonLink size="small" to="/$account/settings/labels" params={{ account }}>
        {words[place]}
      </ButtonLink>
    );
  if (orderId === undefined) return null;
  return (
    <ButtonLink size="small" to="/$account/orders/$order" params={{ account, order: orderId }}>
      {words[place]}
    </ButtonLink>
  );
}
