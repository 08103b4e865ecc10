import type { Quote, Rating } from '../../api/queries/labels.ts';
import { Banner } from '../../components/banner.tsx';
import { Radio } from '../../components/field.tsx';
import { dateTime, money } from '../../lib/format.ts';
import { useWords } from '../../words/use-words.tsx';
import css from './labels.module.css';

interface QuotesProps {
  readonly rating: Rating;
  readonly chosen: Quote | undefined;
  readonly merchant: string;
  readonly onChoose: (quote: Quote) => void;
}

/** What may be bought for the parcel, the cheapest first; below it the carriers that offer nothing. */
export function Quotes({ rating, chosen, merchant, onChoose }: QuotesProps) {
  const words = useWords().labels.buy;
  const { quotes, failures, payer, expiresAt } = rating;
  return (
    <>
      {quotes.length === 0 ? (
        <Banner title={words.noServices} />
      ) : (
        <fieldset className={css['quotes']}>
          <legend>{words.services}</legend>
          {quotes.map((quote) => (
            <Radio
              key={quote.id}
              name="quote"
              value={quote.id}
              className={css['quote']}
              label={<Offer quote={quote} />}
              checked={quote.id === chosen?.id}
              onChange={() => onChoose(quote)}
            />
          ))}
          <p className="muted small">
            {payer === 'merchant' ? words.merchantPays(merchant) : words.until(dateTime(expiresAt))}
          </p>
        </fieldset>
      )}
      {failures.length > 0 && (
        <details className={css['failures']}>
          <summary>{words.failures(failures.length)}</summary>
          <ul>
            {failures.map(({ carrier, reason }) => (
              <li key={`${carrier} ${reason}`}>
                <b>{carrier}</b> {reason}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

function Offer({ quote: { carrierName, service, deliveryDays, cost } }: { readonly quote: Quote }) {
  const words = useWords().labels.buy;
  return (
    <span className={css['offer']}>
      <span>
        <b>{carrierName}</b> {service}
        {deliveryDays !== null && <small>{words.days(deliveryDays)}</small>}
      </span>
      {cost && <b className="num">{money(cost)}</b>}
    </span>
  );
}
