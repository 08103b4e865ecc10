import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { Supplier } from '../../../clients/typescript/src/index.ts';
import { supplierQuery } from '../api/queries/suppliers.ts';
import { Badge } from '../components/badge.tsx';
import { Banner } from '../components/banner.tsx';
import { ButtonLink } from '../components/button.tsx';
import { Card, Facts } from '../components/card.tsx';
import { BackLink, PageHead } from '../components/page-head.tsx';
import { Loaded } from '../components/states.tsx';
import { date } from '../lib/format.ts';
import { useAccount } from '../lib/use-account.ts';
import { useWords } from '../words/use-words.tsx';
import { ConnectionActions } from './suppliers/connection-actions.tsx';
import { GoLive } from './suppliers/go-live.tsx';
import { LabelPolicy } from './suppliers/label-policy.tsx';
import { SharedFields } from './suppliers/shared-fields.tsx';
import { ShippingMethods } from './suppliers/shipping-methods.tsx';
import { toneOf } from './suppliers/status.ts';
import css from './suppliers/supplier.module.css';

export function SupplierScreen() {
  const { id: account } = useAccount();
  const { supplier: id } = useParams({ from: '/$account/suppliers/$supplier' });
  const query = useQuery(supplierQuery(account, id));
  return <Loaded query={query}>{(supplier) => <SupplierPage key={supplier.id} supplier={supplier} />}</Loaded>;
}

function SupplierPage({ supplier }: { readonly supplier: Supplier }) {
  const words = useWords().suppliers;
  const { id: account, may } = useAccount();
  const { status, name } = supplier;
  const isOpen = status === 'active' || status === 'paused';
  return (
    <>
      <PageHead
        back={
          <BackLink to="/$account/suppliers" params={{ account }}>
            {words.one.back}
          </BackLink>
        }
        title={name}
        badge={<Badge tone={toneOf(status)}>{words.status[status]}</Badge>}
        sub={words.one.connectedSince(date(supplier.createdAt))}
        actions={may('admin') && <ConnectionActions supplier={supplier} side="suppliers" />}
      />
      <div className="stack">
        {status === 'paused' && <Banner title={words.one.paused}>{words.one.pausedText(name)}</Banner>}
        {status === 'ended' && (
          <Banner tone="blue" title={words.one.endedTitle}>
            {words.one.endedText(name)}
          </Banner>
        )}
        <div className={css['columns']}>
          <div className="stack">
            {isOpen && <GoLive supplier={supplier} />}
            <SharedFields supplier={supplier} />
          </div>
          <div className="stack">
            <Card title={words.one.details}>
              <Facts
                facts={[
                  [words.one.warehouse, supplier.warehouse.name],
                  [words.one.since, date(supplier.createdAt)],
                ]}
              />
              <p className={css['products']}>
                <ButtonLink
                  size="small"
                  to="/$account/products"
                  params={{ account }}
                  search={{ supplier: supplier.id }}
                >
                  {words.one.showProducts}
                </ButtonLink>
              </p>
            </Card>
            <ShippingMethods supplier={supplier} />
            <LabelPolicy supplier={supplier} />
          </div>
        </div>
      </div>
    </>
  );
}
