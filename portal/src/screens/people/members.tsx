import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Member } from '../../api/queries/people.ts';
import { sessionQuery } from '../../api/queries/session.ts';
import { Badge } from '../../components/badge.tsx';
import { Button } from '../../components/button.tsx';
import { Cards, cell, Table, Two } from '../../components/table.tsx';
import { ago, date } from '../../lib/format.ts';
import { useAccount } from '../../lib/use-account.ts';
import { useWords } from '../../words/use-words.tsx';
import { RemoveDialog, RoleDialog } from './member-dialogs.tsx';
import css from './people.module.css';

interface Chosen {
  readonly member: Member;
  readonly to: 'role' | 'remove';
}

/** All members; an admin may change each. */
export function Members({ members }: { readonly members: readonly Member[] }) {
  const words = useWords();
  const { columns, members: label } = words.people;
  const { may } = useAccount();
  const { data: session } = useQuery(sessionQuery);
  const [chosen, choose] = useState<Chosen>();
  const isSelf = ({ userId }: Member) => userId === session?.user.id;
  const isAdmin = may('admin');
  const close = () => choose(undefined);
  return (
    <>
      <Table label={label} hasCards>
        <thead>
          <tr>
            <th scope="col">{columns.person}</th>
            <th scope="col">{columns.role}</th>
            <th scope="col">{columns.joined}</th>
            <th scope="col">{columns.seen}</th>
            {isAdmin && (
              <th scope="col">
                <span className="visually-hidden">{columns.actions}</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {members.map((member) => (
            <tr key={member.userId}>
              <th scope="row">
                <Two main={<Name member={member} isSelf={isSelf(member)} />} sub={member.email} />
              </th>
              <td className={css['role']}>
                {words.roles[member.role]}
                <small>{words.roles[`${member.role}Hint`]}</small>
              </td>
              <td className={css['time']}>{date(member.joinedAt)}</td>
              <td className={css['time']}>
                {member.lastSeenAt === null ? words.people.neverSeen : ago(member.lastSeenAt)}
              </td>
              {isAdmin && (
                <td className={cell.end}>
                  <Actions member={member} isSelf={isSelf(member)} onChoose={choose} />
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </Table>
      <Cards label={label}>
        {members.map((member) => (
          <li key={member.userId}>
            <Name member={member} isSelf={isSelf(member)} />
            <Badge>{words.roles[member.role]}</Badge>
            <p>{member.email}</p>
            <p>{member.lastSeenAt === null ? words.people.notSeen : words.people.seen(ago(member.lastSeenAt))}</p>
            {isAdmin && (
              <div className={css['cardActions']}>
                <Actions member={member} isSelf={isSelf(member)} onChoose={choose} />
              </div>
            )}
          </li>
        ))}
      </Cards>
      {chosen?.to === 'role' && <RoleDialog member={chosen.member} isSelf={isSelf(chosen.member)} onClose={close} />}
      {chosen?.to === 'remove' && (
        <RemoveDialog member={chosen.member} isSelf={isSelf(chosen.member)} onClose={close} />
      )}
    </>
  );
}

interface OneProps {
  readonly member: Member;
  readonly isSelf: boolean;
}

function Name({ member, isSelf }: OneProps) {
  const words = useWords().people;
  return (
    <span className={css['name']}>
      <b>{member.name}</b>
      {isSelf && <Badge tone="blue">{words.you}</Badge>}
    </span>
  );
}

function Actions({ member, isSelf, onChoose }: OneProps & { readonly onChoose: (chosen: Chosen) => void }) {
  const words = useWords().people;
  return (
    <div className={css['actions']}>
      <Button
        size="small"
        aria-label={words.changeRoleOf(member.name)}
        onClick={() => onChoose({ member, to: 'role' })}
      >
        {words.changeRole}
      </Button>
      <Button
        size="small"
        look="quiet"
        aria-label={isSelf ? words.leaveName : words.removeName(member.name)}
        onClick={() => onChoose({ member, to: 'remove' })}
      >
        {isSelf ? words.leave : words.remove}
      </Button>
    </div>
  );
}
