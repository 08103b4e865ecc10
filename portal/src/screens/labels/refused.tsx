import type { ApiError } from '../../api/client.ts';
import { Banner } from '../../components/banner.tsx';
import { ButtonLink } from '../../components/button.tsx';
import { useAccount } from '../../lib/use-account.ts';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';

/** Why nothing is offered or bought, and the page on which it is mended. */
export function Refused({ error }: { readonly error: ApiError | undefined }) {
  const words = useWords().labels.buy;
  const { id: account, may } = useAccount();
  const messageOf = useMessage();
  if (!error) return null;
  const isMissing = error.code === 'label_account_missing' || error.code === 'ship_from_missing';
  if (isMissing && may('write'))
    return (
      <Banner
        tone="red"
        title={messageOf(error)}
        actions={
          <ButtonLink size="small" to="/$account/settings/labels" params={{ account }}>
            {error.code === 'ship_from_missing' ? words.toWarehouses : words.toAccounts}
          </ButtonLink>
        }
      />
    );
  const products = error.code === 'customs_data_missing' && (
    <ButtonLink size="small" to="/$account/products" params={{ account }}>
      {words.toProducts}
    </ButtonLink>
  );
  return (
    <Banner tone="red" title={messageOf(error)} {...(products && { actions: products })}>
      {error.errors.length > 0 && (
        <ul>
          {error.errors.map(({ pointer, detail }) => (
            <li key={`${pointer} ${detail}`}>{detail}</li>
          ))}
        </ul>
      )}
    </Banner>
  );
}
