import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import { rowsOf } from '../api/queries/pages.ts';
import { membersQuery } from '../api/queries/people.ts';
import { invitationsQuery } from '../api/queries/suppliers.ts';
import { Button } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { Pagination } from '../components/pagination.tsx';
import { Empty, Loaded } from '../components/states.tsx';
import { useAccount } from '../lib/use-account.ts';
import { useWords } from '../words/use-words.tsx';
import { LinkDialog, type Issued } from './invitations/link-dialog.tsx';
import { openOf } from './invitations/open.ts';
import { Invitations } from './people/invitations.tsx';
import { InviteDialog } from './people/invite.tsx';
import { Members } from './people/members.tsx';
import { SettingsHead } from './settings-head.tsx';
import css from './settings.module.css';

export function PeopleScreen() {
  const words = useWords().people;
  const { id: account, may } = useAccount();
  const isAdmin = may('admin');
  const members = useInfiniteQuery(membersQuery(account));
  const [isInviting, setInviting] = useState(false);
  const [issued, setIssued] = useState<Issued>();
  const invite = (
    <Button look="primary" onClick={() => setInviting(true)}>
      <UserPlus size={16} aria-hidden />
      {words.invite}
    </Button>
  );
  return (
    <>
      <SettingsHead current="people" actions={isAdmin && invite} />
      <div className={css['body']}>
        <Card isFlush title={words.members}>
          <Loaded query={members}>{(data) => <Members members={rowsOf(data)} />}</Loaded>
          <Pagination query={members} />
        </Card>
        {isAdmin && (
          <OpenInvitations
            isAlone={rowsOf(members.data).length === 1}
            onLink={setIssued}
            onInvite={() => setInviting(true)}
          />
        )}
      </div>
      {isInviting && <InviteDialog onClose={() => setInviting(false)} onLink={setIssued} />}
      {issued && <LinkDialog issued={issued} onClose={() => setIssued(undefined)} />}
    </>
  );
}

interface OpenProps {
  readonly isAlone: boolean;
  readonly onLink: (issued: Issued) => void;
  readonly onInvite: () => void;
}

/** Nothing where all have joined; where nobody else is here, how to begin. */
function OpenInvitations({ isAlone, onLink, onInvite }: OpenProps) {
  const words = useWords().people;
  const { id: account } = useAccount();
  const query = useQuery(invitationsQuery(account));
  const open = query.data && openOf('member', query.data.data);
  if (open?.length === 0 && !isAlone) return null;
  if (open === undefined && query.error === null) return null;
  return (
    <Card isFlush title={words.invitations.title}>
      <Loaded query={query}>
        {() =>
          open?.length ? (
            <Invitations invitations={open} onLink={onLink} />
          ) : (
            <Empty
              icon={<UserPlus size={22} aria-hidden />}
              title={words.alone}
              action={<Button onClick={onInvite}>{words.invite}</Button>}
            >
              {words.aloneHint}
            </Empty>
          )
        }
      </Loaded>
    </Card>
  );
}
