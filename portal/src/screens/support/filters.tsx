import { useNavigate, useSearch } from '@tanstack/react-router';
import type { AttentionGroup } from '../../api/queries/attention.ts';
import { FilterSelects } from '../../components/filter-selects.tsx';
import { useWords } from '../../words/use-words.tsx';
import { causeOf, causesOf } from '../attention/causes.ts';

type Name = 'account' | 'code' | 'age';

/** By account, cause and age. */
export function SupportFilters({ groups }: { readonly groups: readonly AttentionGroup[] }) {
  const { support: words, attention } = useWords();
  const search = useSearch({ from: '/support' });
  const navigate = useNavigate();
  const choose = (name: Name, value: string) => {
    const { [name]: _before, ...others } = search;
    void navigate({ to: '/support', search: value === '' ? others : { ...others, [name]: value } });
  };
  const causes = causesOf(groups).map(({ code, count }) => [code, words.account(causeOf(code, attention), count)] as const); // prettier-ignore
  const filters: readonly (readonly [Name, string, readonly (readonly [string, string])[]])[] = [
    ['account', words.everyAccount, accountsOf(groups).map(({ id, name, count }) => [id, words.account(name, count)])],
    ['code', words.everyCause, causes],
    ['age', words.everyAge, Object.entries(words.ages)],
  ];
  return <FilterSelects filters={filters} search={search} onChoose={choose} />;
}

/** The account with most first. */
function accountsOf(groups: readonly AttentionGroup[]) {
  const accounts = new Map<string, { id: string; name: string; count: number }>();
  for (const { accountId: id, accountName, count } of groups) {
    if (id === undefined) continue;
    accounts.set(id, { id, name: accountName ?? id, count: count + (accounts.get(id)?.count ?? 0) });
  }
  return [...accounts.values()].sort((one, other) => other.count - one.count);
}
