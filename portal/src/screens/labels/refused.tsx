import type { ApiError } from '../../api/client.ts';
import { Banner } from '../../components/banner.tsx';
import { ButtonLink } from '../../components/button.tsx';
import { useAccount } from '../../lib/use-account.ts';
import { useMessage } from '../../lib/use-message.ts';
import { useWords } from '../../words/use-words.tsx';

/** Why nothing is offered or bought, and the page on which it is mended. */
export function Refused({ error }: { readonly error: ApiError | undefined }) {
  const words = useWords().labels.buy;
  const { id: account, may: mayDo } = useAccount();
  const messageOf = useMessage();
  if (!error) return null;
  if (error.code === 'label_account_missing' || error.code === 'ship_from_missing') {
    const isAddress = error.code === 'ship_from_missing';
    const may = isAddress ? mayDo('write') : mayDo('admin');
    return (
      <Banner
        tone="red"
        title={messageOf(error)}
        {...(may && {
          actions: (
            <ButtonLink size="small" to="/$account/settings/labels" params={{ account }}>
              {isAddress ? words.toWarehouses : words.toAccounts}
            </ButtonLink>
          ),
        })}
      >
        {isAddress ? words.noAddressText : may ? words.noAccountText : words.noAccountAsk}
      </Banner>
    );
  }
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
