import { requireOwnAccount } from '../../db/accounts/accounts.ts';
import { readDocument } from '../../db/documents/reading.ts';
import { readInAccount } from '../../db/engine/with-account.ts';
import { listBrands, plainBrand, type BrandRecord } from '../../db/paper/brands.ts';
import type { OrderToPrint } from '../../db/paper/orders-to-print.ts';
import { DomainError } from '../../domain/errors.ts';
import type { Logo, SlipParts } from '../../domain/paper/slip.ts';
import type { Deps } from '../deps.ts';

/** What of a slip is not of the order: by whose brand it is, and who packs. */
type SlipFrame = Omit<SlipParts, 'parcel'>;

/** `own`: the account's own brand. */
export type Branded = { own: BrandRecord; frameOf: (order: Pick<OrderToPrint, 'order' | 'merchant'>) => SlipFrame };

/** The brands of these orders with their logos, as this account has them. */
export async function brandsOf(
  deps: Deps,
  accountId: string,
  orders: readonly Pick<OrderToPrint, 'merchant'>[],
): Promise<Branded> {
  const merchantIds = orders.flatMap(({ merchant }) => merchant?.accountId ?? []);
  const { brands, account } = await readInAccount(deps.pool, accountId, async (db) => ({
    brands: await listBrands(db, [accountId, ...merchantIds]),
    account: await requireOwnAccount(db),
  }));
  const logos = new Map<string, Logo>();
  for (const { logoId } of brands) {
    const logo = logoId === null ? null : await readLogo(deps, accountId, logoId);
    if (logo) logos.set(logoId!, logo);
  }
  const brandOf = (id: string, name: string) =>
    brands.find((brand) => brand.merchantAccountId === id) ?? plainBrand(id, name);
  return {
    own: brandOf(accountId, account.name),
    frameOf: ({ order, merchant }) => {
      const brand = merchant ? brandOf(merchant.accountId, merchant.name) : brandOf(accountId, account.name);
      return {
        brand,
        logo: logos.get(brand.logoId ?? '') ?? null,
        supplierName: merchant && account.name,
        // A supplier has the prices that its merchant shares, and no others.
        sharesPrices: order.lines.some((line) => line.unitPriceMinor !== null),
      };
    },
  };
}

/** Null where it was replaced a moment ago: a slip without it is better than none. */
async function readLogo({ pool, documents: store }: Deps, accountId: string, logoId: string): Promise<Logo | null> {
  try {
    const { bytes, mediaType } = await readDocument({ pool, store, accountId }, logoId);
    return mediaType === 'application/pdf' ? null : { bytes, mediaType };
  } catch (error) {
    if (error instanceof DomainError && error.code === 'document_not_found') return null;
    throw error;
  }
}
