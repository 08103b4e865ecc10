import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { X } from 'lucide-react';
import { channelsQuery } from '../../api/queries/channels.ts';
import { suppliersQuery } from '../../api/queries/suppliers.ts';
import { Button } from '../../components/button.tsx';
import { Select } from '../../components/field.tsx';
import { Kbd } from '../../components/kbd.tsx';
import { Tools } from '../../components/table.tsx';
import { useKeysSwitch } from '../../lib/keys.ts';
import { useAccount } from '../../lib/use-account.ts';
import { useWords } from '../../words/use-words.tsx';
import { sides } from '../search.ts';
import { usualSort, type Searched } from './views.ts';
import css from './orders.module.css';

const sorts = ['shipBy', '-createdAt', 'placedAt'] as const;

/** What the person chose; an empty choice leaves its parameter out of the address. */
const chosen = <T extends string>(values: readonly T[], value: string): T | undefined =>
  values.find((one) => one === value);

function useFilter(searched: Searched) {
  const navigate = useNavigate();
  const { id: account } = useAccount();
  return (change: { readonly [K in keyof Searched]?: Searched[K] | undefined }) => {
    const search: Searched = Object.fromEntries(
      Object.entries({ ...searched, ...change }).filter(([, value]) => value !== undefined && value !== ''),
    );
    void navigate({ to: '/$account/orders', params: { account }, search });
  };
}

export function Filters({ searched }: { readonly searched: Searched }) {
  const { sells, supplies } = useAccount();
  const words = useWords().orders;
  const filter = useFilter(searched);
  const { view = 'to-ship', sort } = searched;
  return (
    <Tools end={<KeyHints />}>
      {sells && supplies && (
        <Select
          controlSize="small"
          className={css['filter']}
          aria-label={words.side.label}
          value={searched.side ?? ''}
          options={[['', words.side.all], ...sides.map((side) => [side, words.side[side]] as const)]}
          onChange={({ target }) => filter({ side: chosen(sides, target.value), channel: undefined })}
        />
      )}
      <SourceFilter searched={searched} />
      {sells && <SupplierFilter searched={searched} />}
      <Select
        controlSize="small"
        className={css['filter']}
        aria-label={words.sort.label}
        value={sort ?? usualSort(view)}
        options={sorts.map((one) => [one, words.sort[one]] as const)}
        onChange={({ target }) => {
          const wanted = chosen(sorts, target.value);
          filter({ sort: wanted === usualSort(view) ? undefined : wanted });
        }}
      />
      {searched.q !== undefined && (
        <span className={css['found']}>
          {words.found(searched.q)}
          <Button size="small" look="quiet" onClick={() => filter({ q: undefined })}>
            <X size={15} aria-hidden />
            {words.clear}
          </Button>
        </span>
      )}
    </Tools>
  );
}

/** The merchant or the sales channel that orders are of. */
function SourceFilter({ searched }: { readonly searched: Searched }) {
  const { id: account, sells, supplies } = useAccount();
  const words = useWords().orders.source;
  const filter = useFilter(searched);
  const { data } = useQuery(channelsQuery(account));
  const isShown = (isPortal: boolean) => searched.side === undefined || (searched.side === 'supplying') === isPortal;
  const sources = data?.data.filter(({ isPortal }) => isShown(isPortal)) ?? [];
  const isMerchants = searched.side === 'supplying' || !sells;
  const isChannels = searched.side === 'selling' || !supplies;
  const every = isMerchants ? words.everyMerchant : isChannels ? words.everyChannel : words.every;
  if (sources.length < 2 && searched.channel === undefined) return null;
  return (
    <Select
      controlSize="small"
      className={css['filter']}
      aria-label={isMerchants ? words.merchant : isChannels ? words.channel : words.both}
      value={searched.channel ?? ''}
      options={[['', every], ...sources.map(({ id, name, counterpart }) => [id, counterpart?.name ?? name] as const)]}
      onChange={({ target }) => filter({ channel: target.value })}
    />
  );
}

function SupplierFilter({ searched }: { readonly searched: Searched }) {
  const { id: account } = useAccount();
  const words = useWords().orders.supplierFilter;
  const filter = useFilter(searched);
  const { data } = useQuery(suppliersQuery(account));
  const suppliers = data?.data ?? [];
  if (suppliers.length < 2 && searched.supplier === undefined) return null;
  return (
    <Select
      controlSize="small"
      className={css['filter']}
      aria-label={words.label}
      value={searched.supplier ?? ''}
      options={[['', words.every], ...suppliers.map(({ id, name }) => [id, name] as const)]}
      onChange={({ target }) => filter({ supplier: target.value })}
    />
  );
}

function KeyHints() {
  const words = useWords().orders.hints;
  const [areOn] = useKeysSwitch();
  if (!areOn) return null;
  return (
    <span>
      <Kbd>j</Kbd> <Kbd>k</Kbd> {words.move} · <Kbd>x</Kbd> {words.choose} · <Kbd>↵</Kbd> {words.open}
    </span>
  );
}
