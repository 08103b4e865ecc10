import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { Connection } from '../../../clients/typescript/src/index.ts';
import { channelsQuery } from '../api/queries/channels.ts';
import { connectionQuery } from '../api/queries/suppliers.ts';
import { Badge } from '../components/badge.tsx';
import { Banner } from '../components/banner.tsx';
import { ButtonLink } from '../components/button.tsx';
import { BackLink, PageHead } from '../components/page-head.tsx';
import { Loaded, NotFound } from '../components/states.tsx';
import { date } from '../lib/format.ts';
import { useAccount } from '../lib/use-account.ts';
import { useWords } from '../words/use-words.tsx';
import { LabelCost } from './merchant/label-cost.tsx';
import { CancelsCard, SchedulesCard } from './schedules/schedules-card.tsx';
import { Proposal } from './suppliers/answers.tsx';
import { ConnectionActions } from './suppliers/connection-actions.tsx';
import { toneOf } from './suppliers/status.ts';

/** A merchant is known by its connection. */
export function MerchantScreen() {
  const { id: account } = useAccount();
  const { merchant: id } = useParams({ from: '/$account/merchants/$merchant' });
  const query = useQuery(connectionQuery(account, id));
  return (
    <Loaded query={query}>
      {(connection) =>
        connection.supplierAccountId === account ? <MerchantPage connection={connection} /> : <NotFound />
      }
    </Loaded>
  );
}

interface PageProps {
  readonly connection: Connection;
}

function MerchantPage({ connection }: PageProps) {
  const words = useWords().merchants;
  const { id: account, may } = useAccount();
  const { id, merchantName: name, status, activatedAt } = connection;
  const channels = useQuery(channelsQuery(account));
  const portal = channels.data?.data.find(({ connectionId }) => connectionId === id);
  return (
    <>
      <PageHead
        back={
          <BackLink to="/$account/merchants" params={{ account }}>
            {words.one.back}
          </BackLink>
        }
        title={name}
        badge={<Badge tone={toneOf(status)}>{words.status[status]}</Badge>}
        sub={activatedAt === null ? undefined : words.one.connectedSince(date(activatedAt))}
        actions={
          <>
            {portal && (
              <ButtonLink to="/$account/orders" params={{ account }} search={{ view: 'all', channel: portal.id }}>
                {words.one.orders}
              </ButtonLink>
            )}
            {may('admin') && <ConnectionActions supplier={{ name, status, connectionId: id }} side="merchants" />}
          </>
        }
      />
      <div className="stack">
        <State connection={connection} />
        {portal && status !== 'ended' && (
          <>
            <SchedulesCard channel={portal} />
            <CancelsCard channel={portal} />
            <LabelCost portal={portal} merchant={name} />
          </>
        )}
      </div>
    </>
  );
}

/** What a person should know of a connection that is not simply at work. */
function State({ connection }: PageProps) {
  const words = useWords().merchants.one;
  const { id: account } = useAccount();
  const { merchantName: name, status, proposedBy, setUpAt } = connection;
  if (status === 'pending')
    return (
      <Banner
        tone="blue"
        title={proposedBy === account ? words.pendingYours(name) : words.pendingTitle(name)}
        actions={<Proposal connection={connection} side="merchants" />}
      >
        {words.pendingText}
      </Banner>
    );
  if (status === 'paused') return <Banner title={words.paused}>{words.pausedText(name)}</Banner>;
  if (status === 'declined') return <Banner tone="blue" title={words.declinedTitle} />;
  if (status === 'ended')
    return (
      <Banner tone="blue" title={words.endedTitle}>
        {words.endedText(name)}
      </Banner>
    );
  if (setUpAt !== null) return null;
  return (
    <Banner tone="blue" title={words.settingUp}>
      {words.settingUpText}
    </Banner>
  );
}
