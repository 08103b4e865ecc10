import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Plus, Tags } from 'lucide-react';
import { useState } from 'react';
import type { Product } from '../../../clients/typescript/src/index.ts';
import { rowsOf } from '../api/queries/pages.ts';
import { productsQuery } from '../api/queries/products.ts';
import { suppliersQuery } from '../api/queries/suppliers.ts';
import { Button } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { Select } from '../components/field.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Pagination } from '../components/pagination.tsx';
import { Empty, Loaded } from '../components/states.tsx';
import { Tools } from '../components/table.tsx';
import { useAccount } from '../lib/use-account.ts';
import { useWords } from '../words/use-words.tsx';
import { AddDialog } from './products/add.tsx';
import { BulkDialog } from './products/bulk.tsx';
import { ChosenBar } from './products/chosen-bar.tsx';
import { ProductList } from './products/list.tsx';
import { SearchField } from './products/search-field.tsx';
import { fulfillmentTypes, typeOf } from './products/types.ts';
import css from './products/products.module.css';

const nobody = 'none';

export function ProductsScreen() {
  const words = useWords().products;
  const { id: account, may } = useAccount();
  const { q = '', supplier, type, unassigned } = useSearch({ from: '/$account/products' });
  const query = useInfiniteQuery(
    productsQuery(account, {
      q,
      supplierId: supplier,
      fulfillmentType: typeOf(type),
      unassigned: unassigned && true,
    }),
  );
  const [chosen, setChosen] = useState<ReadonlyMap<string, Product>>(new Map());
  const [dialog, setDialog] = useState<'add' | 'bulk'>();
  const rows = rowsOf(query.data);
  const isFiltered = q !== '' || supplier !== undefined || type !== undefined || unassigned !== undefined;
  const add = may('write') && (
    <Button onClick={() => setDialog('add')}>
      <Plus size={16} aria-hidden />
      {words.add}
    </Button>
  );
  const clear = () => setChosen(new Map());
  return (
    <>
      <PageHead title={words.title} sub={words.sub} actions={add} />
      <Card isFlush>
        <Filters />
        <Loaded query={query}>
          {() =>
            rows.length > 0 ? (
              <ProductList rows={rows} chosen={chosen} onChoose={may('write') ? setChosen : undefined} />
            ) : isFiltered ? (
              <NothingFound />
            ) : (
              <Empty icon={<Tags size={22} aria-hidden />} title={words.empty} action={add}>
                {words.emptyHint}
              </Empty>
            )
          }
        </Loaded>
        <Pagination query={query} />
      </Card>
      {chosen.size > 0 && dialog !== 'bulk' && (
        <ChosenBar label={words.chosenBar} text={words.chosen(chosen.size)}>
          <Button size="small" look="primary" onClick={() => setDialog('bulk')}>
            {words.assign}
          </Button>
          <Button size="small" look="quiet" onClick={clear}>
            {words.clear}
          </Button>
        </ChosenBar>
      )}
      {dialog === 'add' && <AddDialog onClose={() => setDialog(undefined)} />}
      {dialog === 'bulk' && (
        <BulkDialog products={[...chosen.values()]} onDone={clear} onClose={() => setDialog(undefined)} />
      )}
    </>
  );
}

function NothingFound() {
  const words = useWords().products;
  const { id: account } = useAccount();
  const navigate = useNavigate();
  return (
    <Empty
      title={words.nothingFound}
      action={
        <Button onClick={() => void navigate({ to: '/$account/products', params: { account } })}>
          {words.clearFilters}
        </Button>
      }
    >
      {words.nothingFoundHint}
    </Empty>
  );
}

function Filters() {
  const words = useWords().products;
  const { id: account } = useAccount();
  const search = useSearch({ from: '/$account/products' });
  const navigate = useNavigate();
  const { data: suppliers } = useQuery(suppliersQuery(account));
  const { supplier: _supplier, unassigned: _unassigned, ...others } = search;
  const { type: _type, ...besidesType } = search;
  const { q: _q, ...besidesText } = search;
  const show = (next: typeof search) => void navigate({ to: '/$account/products', params: { account }, search: next });
  return (
    <Tools>
      <SearchField
        label={words.searchLabel}
        placeholder={words.search}
        value={search.q ?? ''}
        onSearch={(q) => show(q === '' ? besidesText : { ...search, q })}
      />
      <Select
        controlSize="small"
        className={css['filter']}
        aria-label={words.supplier}
        value={search.unassigned ? nobody : (search.supplier ?? '')}
        options={[
          ['', words.everySupplier],
          ...(suppliers?.data ?? []).map(({ id, name }) => [id, name] as const),
          [nobody, words.unassigned],
        ]}
        onChange={({ target: { value } }) => {
          if (value === nobody) show({ ...others, unassigned: '1' });
          else show(value === '' ? others : { ...others, supplier: value });
        }}
      />
      <Select
        controlSize="small"
        className={css['filter']}
        aria-label={words.type}
        value={typeOf(search.type) ?? ''}
        options={[['', words.everyType], ...fulfillmentTypes.map((type) => [type, words.types[type]] as const)]}
        onChange={({ target: { value } }) => show(value === '' ? besidesType : { ...search, type: value })}
      />
    </Tools>
  );
}
