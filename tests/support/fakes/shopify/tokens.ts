import { createHmac, randomUUID } from 'node:crypto';
import type { ShopState } from './model.ts';

type Token = { scopes: string[]; until: number | null };
type Refresh = { scopes: string[]; before: string | null; issued: number; used: number | null };
export type Grant = Readonly<Record<string, string | undefined>>;

const dayMs = 86_400_000;
const accessSeconds = 3600;

/** Tokens of our app: those that do not end, those of a day by client credentials, and those of an hour with a refresh token. */
export function createTokens(shop: ShopState) {
  const tokens = new Map<string, Token>();
  const refreshes = new Map<string, Refresh>();
  const codes = new Map<string, string[]>();

  const issue = ({ scopes = shop.scopes, seconds }: { scopes?: string[]; seconds?: number } = {}): string => {
    const token = `shpat_${randomUUID()}`;
    tokens.set(token, { scopes, until: seconds === undefined ? null : shop.now() + seconds * 1000 });
    return token;
  };
  const pair = (scopes: string[], before: string | null = null) => {
    const refreshToken = `shprt_${randomUUID()}`;
    refreshes.set(refreshToken, { scopes, before, issued: shop.now(), used: null });
    return {
      access_token: issue({ scopes, seconds: accessSeconds }),
      scope: scopes.join(','),
      expires_in: accessSeconds,
      refresh_token: refreshToken,
      refresh_token_expires_in: 90 * (dayMs / 1000),
    };
  };
  /** A used refresh token works again until its replacement is used, for 30 days at most. So a lost answer heals. */
  const renew = (given: string) => {
    const refresh = refreshes.get(given);
    const now = shop.now();
    const isOver =
      !refresh || now - refresh.issued > 90 * dayMs || (refresh.used !== null && now - refresh.used > 30 * dayMs);
    if (isOver) return { error: 'invalid_grant' };
    if (refresh.before !== null) refreshes.delete(refresh.before);
    refresh.used ??= now;
    return pair(refresh.scopes, given);
  };
  const exchange = ({ code = '', expiring }: Grant) => {
    const scopes = codes.get(code);
    codes.delete(code);
    if (!scopes) return { error: 'invalid_request' };
    return expiring === '1' ? pair(scopes) : { access_token: issue({ scopes }), scope: scopes.join(',') };
  };

  return {
    issue,
    pair,
    revoke: (token: string) => tokens.delete(token),
    find: (given: string): Token | undefined => {
      const token = tokens.get(given);
      return token && (token.until === null || token.until > shop.now()) ? token : undefined;
    },
    grant: (asked: Grant): Record<string, unknown> => {
      if (asked['client_id'] !== shop.clientId || asked['client_secret'] !== shop.clientSecret)
        return { error: 'invalid_client' };
      if (asked['grant_type'] === 'client_credentials') {
        const seconds = 86_399;
        return { access_token: issue({ seconds }), scope: shop.scopes.join(','), expires_in: seconds };
      }
      if (asked['grant_type'] === 'refresh_token') return renew(asked['refresh_token'] ?? '');
      return exchange(asked);
    },
    /** The merchant agrees: where the browser goes next, signed by the secret of the app. */
    authorize: (query: URLSearchParams): string => {
      const code = randomUUID();
      codes.set(code, (query.get('scope') ?? '').split(','));
      const timestamp = String(Math.floor(shop.now() / 1000));
      const given = { code, shop: shop.domain, state: query.get('state') ?? '', timestamp };
      const text = Object.entries(given)
        .map(([name, value]) => `${name}=${value}`)
        .sort()
        .join('&');
      const hmac = createHmac('sha256', shop.clientSecret).update(text).digest('hex');
      return `${query.get('redirect_uri')}?${new URLSearchParams({ ...given, hmac }).toString()}`;
    },
    /** The merchant removes the app: its tokens end, and the message about it is the last one. */
    uninstall: (): void => {
      tokens.clear();
      refreshes.clear();
      shop.emit('APP_UNINSTALLED');
      shop.subscriptions = [];
    },
  };
}
