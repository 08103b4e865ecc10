import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { LogOut } from 'lucide-react';
import { useState } from 'react';
import { sessionQuery } from '../api/queries/session.ts';
import { Button, ButtonLink } from '../components/button.tsx';
import { Field, Input } from '../components/field.tsx';
import { PageHead } from '../components/page-head.tsx';
import { NotFound } from '../components/states.tsx';
import { useSignOut } from '../frame/menus.tsx';
import { useWords } from '../words/use-words.tsx';
import { AllAttentions } from './support/attentions.tsx';
import { FoundOrders } from './support/found-orders.tsx';
import css from './support/support.module.css';

/** For staff: what waits in all accounts, and any order by its number. Others see the page for what is missing. */
export function SupportScreen() {
  const { data: session } = useQuery(sessionQuery);
  return (
    <div className={css['page']}>
      <Top hasAccounts={(session?.accounts.length ?? 0) > 0} />
      <main className={css['main']}>{session && (session.user.staff ? <SupportPage /> : <NotFound />)}</main>
    </div>
  );
}

function Top({ hasAccounts }: { readonly hasAccounts: boolean }) {
  const { common, frame, support } = useWords();
  const leave = useSignOut();
  return (
    <header className={css['top']}>
      <Link to="/support" className={css['brand']}>
        <img src="/portal/icon.svg" alt="" />
        {common.brand}
      </Link>
      <div className="row">
        {hasAccounts && (
          <ButtonLink size="small" look="quiet" to="/">
            {support.back}
          </ButtonLink>
        )}
        <Button size="small" look="quiet" onClick={() => void leave()}>
          <LogOut size={15} aria-hidden />
          {frame.signOut}
        </Button>
      </div>
    </header>
  );
}

function SupportPage() {
  const words = useWords().support;
  const { q } = useSearch({ from: '/support' });
  return (
    <>
      <PageHead title={words.title} sub={words.sub} />
      <div className="stack">
        <Finder key={q ?? ''} q={q ?? ''} />
        {q !== undefined && <FoundOrders q={q} />}
        <AllAttentions />
      </div>
    </>
  );
}

function Finder({ q }: { readonly q: string }) {
  const words = useWords().support;
  const navigate = useNavigate();
  const search = useSearch({ from: '/support' });
  const [text, setText] = useState(q);
  const find = () => {
    const { q: _before, ...others } = search;
    const wanted = text.trim();
    void navigate({ to: '/support', search: wanted === '' ? others : { ...others, q: wanted } });
  };
  return (
    <form
      role="search"
      className={css['finder']}
      onSubmit={(event) => {
        event.preventDefault();
        find();
      }}
    >
      <Field label={words.find} hint={words.findHint}>
        {(ids) => (
          <Input {...ids} type="search" name="q" value={text} onChange={({ target }) => setText(target.value)} />
        )}
      </Field>
      <Button type="submit" look="primary">
        {words.findButton}
      </Button>
    </form>
  );
}
