import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Boxes } from 'lucide-react';
import { rowsOf } from '../api/queries/pages.ts';
import { stockQuery, warehousesQuery, type Level } from '../api/queries/stock.ts';
import { summaryQuery } from '../api/queries/summary.ts';
import { ButtonLink } from '../components/button.tsx';
import { Card } from '../components/card.tsx';
import { Select } from '../components/field.tsx';
import { Kbd } from '../components/kbd.tsx';
import { PageHead } from '../components/page-head.tsx';
import { Pagination } from '../components/pagination.tsx';
import { Empty, Loaded } from '../components/states.tsx';
import { Cards, Table, Tools, cell } from '../components/table.tsx';
import { Tab, Tabs } from '../components/tabs.tsx';
import { useAccount } from '../lib/use-account.ts';
import { useWords } from '../words/use-words.tsx';
import { LevelCard, LevelRow } from './inventory/level-row.tsx';
import { SearchField } from './products/search-field.tsx';
import { stockViews, type StockView } from './search.ts';
import { UploadCounts } from './upload/upload-counts.tsx';

const filters = { all: undefined, 'needs-sync': 'needs_sync', oversold: 'oversold', suspended: 'suspended' } as const;

/** What there is, what is promised, and what the others know of it. */
export function InventoryScreen() {
  const words = useWords().inventory;
  const { id: account, sells, supplies } = useAccount();
  const { view = 'all', q, warehouse } = useSearch({ from: '/$account/inventory' });
  const filter = filters[view];
  const query = useInfiniteQuery(
    stockQuery(account, {
      ...(filter && { view: filter }),
      // As the summary counts: units that a supplier promised too often are the supplier's to count.
      ...(filter === 'oversold' && { own: true as const }),
      ...(q !== undefined && { q }),
      ...(warehouse !== undefined && { warehouseId: warehouse }),
    }),
  );
  return (
    <>
      <PageHead
        title={words.title}
        sub={sells ? (supplies ? words.subBoth : words.subSelling) : words.subSupplying}
        actions={<UploadCounts />}
      />
      <Card isFlush>
        <Views view={view} />
        <Filters />
        <Loaded query={query}>{(data) => <Levels levels={rowsOf(data)} />}</Loaded>
        <Pagination query={query} />
      </Card>
    </>
  );
}

function Views({ view }: { readonly view: StockView }) {
  const words = useWords().inventory;
  const { id: account } = useAccount();
  const { data: summary } = useQuery(summaryQuery(account));
  const counts = { all: undefined, 'needs-sync': summary?.needsSync, oversold: summary?.oversold, suspended: summary?.suspended }; // prettier-ignore
  return (
    <Tabs label={words.views}>
      {stockViews.map((one) => (
        <Tab
          key={one}
          to="/$account/inventory"
          params={{ account }}
          search={({ q, warehouse }) => ({
            ...(one !== 'all' && { view: one }),
            ...(q !== undefined && { q }),
            ...(warehouse !== undefined && { warehouse }),
          })}
          isCurrent={one === view}
          count={counts[one]}
          isAlarm={one === 'oversold' || one === 'suspended'}
        >
          {words.view[one]}
        </Tab>
      ))}
    </Tabs>
  );
}

function Filters() {
  const words = useWords().inventory;
  const { id: account, may } = useAccount();
  const search = useSearch({ from: '/$account/inventory' });
  const navigate = useNavigate({ from: '/$account/inventory' });
  const { data } = useQuery(warehousesQuery(account));
  const change = (name: 'q' | 'warehouse', value: string) =>
    void navigate({
      search: ({ [name]: _before, ...others }) => ({ ...others, ...(value !== '' && { [name]: value }) }),
      replace: true,
    });
  const warehouses = data?.data ?? [];
  return (
    <Tools
      end={
        may('write') && (
          <>
            <Kbd>↑</Kbd> <Kbd>↓</Kbd> {words.keys.move} <Kbd>Enter</Kbd> {words.keys.save} <Kbd>Esc</Kbd>{' '}
            {words.keys.takeBack}
          </>
        )
      }
    >
      <SearchField
        label={words.search}
        placeholder={words.search}
        value={search.q ?? ''}
        onSearch={(q) => change('q', q)}
      />
      {warehouses.length > 1 && (
        <Select
          controlSize="small"
          aria-label={words.warehouse}
          value={search.warehouse ?? ''}
          onChange={(event) => change('warehouse', event.target.value)}
          options={[['', words.everyWarehouse], ...warehouses.map(({ id, name }) => [id, name] as const)]}
        />
      )}
    </Tools>
  );
}

function Levels({ levels }: { readonly levels: readonly Level[] }) {
  const words = useWords().inventory;
  const { id: account, sells, supplies, may } = useAccount();
  const { data } = useQuery(warehousesQuery(account));
  const warehouses = data?.data ?? [];
  if (levels.length === 0) return <NoLevels />;
  const suppliers = new Set(warehouses.flatMap(({ id, supplierId }) => (supplierId === null ? [] : [id])));
  const rows = levels.map((level) => ({
    key: `${level.productId}-${level.warehouseId}`,
    level,
    // Until the warehouses are known, nothing is offered that would be refused.
    isReadOnly: !may('write') || data === undefined || suppliers.has(level.warehouseId),
    hasWarehouse: warehouses.length > 1,
  }));
  return (
    <>
      <Table label={words.title} hasCards>
        <thead>
          <tr>
            <th scope="col">{words.sku}</th>
            <th scope="col">{words.name}</th>
            {warehouses.length > 1 && <th scope="col">{words.warehouse}</th>}
            <th scope="col" className={cell.end}>
              {words.onHand}
            </th>
            <th scope="col" className={cell.end}>
              {words.committed}
            </th>
            <th scope="col" className={cell.end}>
              {words.available}
            </th>
            <th scope="col">{sells ? (supplies ? words.sharedBoth : words.sharedSelling) : words.sharedSupplying}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, ...row }) => (
            <LevelRow key={key} {...row} />
          ))}
        </tbody>
      </Table>
      <Cards label={words.title}>
        {rows.map(({ key, ...row }) => (
          <LevelCard key={key} {...row} />
        ))}
      </Cards>
    </>
  );
}

function NoLevels() {
  const words = useWords().inventory;
  const { id: account, sells } = useAccount();
  const { view = 'all', q, warehouse } = useSearch({ from: '/$account/inventory' });
  const isFiltered = q !== undefined || warehouse !== undefined;
  const { title, text } = isFiltered ? words.noneFound : words.none[view];
  const toAll = isFiltered || view !== 'all';
  return (
    <Empty
      icon={<Boxes size={22} aria-hidden />}
      title={title}
      action={
        toAll ? (
          <ButtonLink to="/$account/inventory" params={{ account }} search={{}}>
            {words.showAll}
          </ButtonLink>
        ) : sells ? (
          <ButtonLink to="/$account/products" params={{ account }} search={{}}>
            {words.toProducts}
          </ButtonLink>
        ) : (
          <ButtonLink to="/$account/merchants" params={{ account }}>
            {words.toMerchants}
          </ButtonLink>
        )
      }
    >
      {text}
    </Empty>
  );
}
