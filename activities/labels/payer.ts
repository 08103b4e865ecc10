import { readInAccount, type AccountDb } from '../../db/engine/with-account.ts';
import { onlyLabelAccount, requireLabelAccount } from '../../db/labels/accounts.ts';
import { lentQuote } from '../../db/labels/ratings.ts';
import { readLabelTerms } from '../../db/labels/terms.ts';
import { DomainError } from '../../domain/errors.ts';
import { isLent, ownTerms, payerOf, type LabelTerms } from '../../domain/labels/payer.ts';
import type { Pool } from '../../db/engine/pool.ts';
import { endsOf } from '../owners.ts';
import type { LabelPlace } from './open-account.ts';

/**
 * Who pays the labels of an order. `place`: the label account, with the account that owns it.
 * `merchant`: the label account is lent. `orderId` is the merchant's order, `lentTo` its entry of the supplier; the terms
 * bind what may be bought.
 */
export type Payer =
  | { payer: 'account'; place: LabelPlace }
  | { payer: 'merchant'; place: LabelPlace; orderId: string; lentTo: string; terms: LabelTerms };

/** `originDropshipId`: the dropship that the order came by. `named`: the label account that the request names. */
type Asked = { accountId: string; originDropshipId: string | null; named?: string | undefined };

/**
 * Finds who pays, as the rows of both accounts are now: a merchant may change its policy at any time.
 * @throws DomainError `label_account_not_found`, `label_account_missing`, `carrier_not_allowed`
 */
export async function findPayer(pool: Pool, { accountId, originDropshipId, named }: Asked): Promise<Payer> {
  const lender = originDropshipId === null ? null : await lenderOf(pool, originDropshipId);
  const { terms = ownTerms } = lender ?? {};
  if (lender && payerOf(terms, named) === 'merchant') {
    const { merchantId, orderId, lentTo } = lender;
    const place = { accountId: merchantId, labelAccountId: terms.lentLabelAccountId! };
    return { payer: 'merchant', place, orderId, lentTo, terms };
  }
  const labelAccountId = await readInAccount(pool, accountId, async (db) =>
    named === undefined ? onlyLabelAccount(db) : (await requireLabelAccount(db, named)).id,
  );
  return { payer: 'account', place: { accountId, labelAccountId } };
}

async function lenderOf(pool: Pool, dropshipId: string) {
  const { merchantId, orderId, supplierEntryId: lentTo } = await endsOf(pool, dropshipId);
  const terms = await readInAccount(pool, merchantId, (db) => readLabelTerms(db, lentTo));
  return { merchantId, orderId, lentTo, terms };
}

/**
 * A lent quote, where the merchant's terms as they are now still let its supplier buy it.
 * @param db of the merchant
 * @throws DomainError `carrier_not_allowed`, `quote_not_found`, `rate_expired`
 */
export async function requireStillLent(db: AccountDb, quoteId: string): ReturnType<typeof lentQuote> {
  const quote = await lentQuote(db, quoteId);
  const terms = await readLabelTerms(db, quote.lentTo!);
  const isStillLent = terms.policy !== 'supplier_pays' && terms.lentLabelAccountId === quote.labelAccountId;
  if (isStillLent && isLent(terms, { ...quote, cost: quote.cost! })) return quote;
  throw new DomainError('carrier_not_allowed', 'The merchant does not lend its label account for this any more.');
}
