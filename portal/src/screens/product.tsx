import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { productQuery } from '../api/queries/products.ts';
import { BackLink, PageHead } from '../components/page-head.tsx';
import { Loaded } from '../components/states.tsx';
import { dateTime } from '../lib/format.ts';
import { useAccount } from '../lib/use-account.ts';
import { useWords } from '../words/use-words.tsx';
import { ProductForm } from './products/form.tsx';

export function ProductScreen() {
  const words = useWords().products.one;
  const { id: account } = useAccount();
  const { product: id } = useParams({ from: '/$account/products/$product' });
  const query = useQuery(productQuery(account, id));
  return (
    <Loaded query={query}>
      {(product) => (
        <>
          <PageHead
            back={
              <BackLink to="/$account/products" params={{ account }}>
                {words.back}
              </BackLink>
            }
            title={product.name}
            sub={`${product.sku} · ${words.changed(dateTime(product.updatedAt))}`}
          />
          <ProductForm key={product.id} product={product} />
        </>
      )}
    </Loaded>
  );
}
