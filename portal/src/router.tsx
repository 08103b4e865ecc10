import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent as lazy,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { sessionQuery } from './api/queries/session.ts';
import { ErrorState, NotFound } from './components/states.tsx';
import { Frame } from './frame/frame.tsx';
import { makeQueryClient } from './lib/query-client.ts';
import { stored } from './lib/storage.ts';
import { OrdersScreen } from './screens/orders.tsx';
import * as search from './screens/search.ts';

// Every address of the portal. The queue is in the first file; each other screen is a file of its own, loaded when it is wanted.

export const queries = makeQueryClient(() => void toSignIn());

const root = createRootRouteWithContext<{ queries: QueryClient }>()({ component: Outlet });

const index = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: async ({ context }) => {
    const session = await context.queries.ensureQueryData(sessionQuery).catch(() => undefined);
    if (session === undefined) redirect({ to: '/sign-in', throw: true });
    const last = session?.accounts.find(({ id }) => id === stored('vp.account')) ?? session?.accounts[0];
    if (last) redirect({ to: '/$account/orders', params: { account: last.id }, throw: true });
    if (session?.user.staff) redirect({ to: '/support', throw: true });
  },
  component: lazy(() => import('./screens/no-account.tsx'), 'NoAccountScreen'),
});

const signIn = createRoute({
  getParentRoute: () => root,
  path: 'sign-in',
  validateSearch: search.parsed(search.signInSearch),
  component: lazy(() => import('./screens/sign-in.tsx'), 'SignInScreen'),
});
const link = createRoute({
  getParentRoute: () => root,
  path: 'link',
  component: lazy(() => import('./screens/link.tsx'), 'LinkScreen'),
});
const invitation = createRoute({
  getParentRoute: () => root,
  path: 'invitation',
  component: lazy(() => import('./screens/invitation.tsx'), 'InvitationScreen'),
});
const password = createRoute({
  getParentRoute: () => root,
  path: 'password',
  component: lazy(() => import('./screens/password.tsx'), 'PasswordScreen'),
});

// Nothing waits for the session: what the page shows is asked for at once, and a 401 leads to sign-in.
const account = createRoute({
  getParentRoute: () => root,
  path: '$account',
  component: Frame,
  // Of another account nothing stays: no rows, no choice, no half-filled form.
  remountDeps: ({ params }) => params.account,
  beforeLoad: ({ context }) => void context.queries.prefetchQuery(sessionQuery),
});
const home = createRoute({
  getParentRoute: () => account,
  path: '/',
  beforeLoad: ({ params }) => {
    redirect({ to: '/$account/orders', params, throw: true });
  },
});
const orders = createRoute({
  getParentRoute: () => account,
  path: 'orders',
  validateSearch: search.parsed(search.ordersSearch),
  component: OrdersScreen,
});
const order = createRoute({
  getParentRoute: () => account,
  path: 'orders/$order',
  component: lazy(() => import('./screens/order/order.tsx'), 'OrderScreen'),
});
const ship = createRoute({
  getParentRoute: () => account,
  path: 'ship',
  component: lazy(() => import('./screens/ship.tsx'), 'ShipScreen'),
});
const inventory = createRoute({
  getParentRoute: () => account,
  path: 'inventory',
  validateSearch: search.parsed(search.inventorySearch),
  component: lazy(() => import('./screens/inventory.tsx'), 'InventoryScreen'),
});
const attention = createRoute({
  getParentRoute: () => account,
  path: 'attention',
  validateSearch: search.parsed(search.attentionSearch),
  component: lazy(() => import('./screens/attention.tsx'), 'AttentionScreen'),
});
const activity = createRoute({
  getParentRoute: () => account,
  path: 'activity',
  validateSearch: search.parsed(search.activitySearch),
  component: lazy(() => import('./screens/activity.tsx'), 'ActivityScreen'),
});
const products = createRoute({
  getParentRoute: () => account,
  path: 'products',
  validateSearch: search.parsed(search.productsSearch),
  component: lazy(() => import('./screens/products.tsx'), 'ProductsScreen'),
});
const product = createRoute({
  getParentRoute: () => account,
  path: 'products/$product',
  component: lazy(() => import('./screens/product.tsx'), 'ProductScreen'),
});
const suppliers = createRoute({
  getParentRoute: () => account,
  path: 'suppliers',
  component: lazy(() => import('./screens/suppliers.tsx'), 'SuppliersScreen'),
});
const supplier = createRoute({
  getParentRoute: () => account,
  path: 'suppliers/$supplier',
  component: lazy(() => import('./screens/supplier.tsx'), 'SupplierScreen'),
});
const channels = createRoute({
  getParentRoute: () => account,
  path: 'channels',
  validateSearch: search.parsed(search.channelsSearch),
  component: lazy(() => import('./screens/channels.tsx'), 'ChannelsScreen'),
});
const channel = createRoute({
  getParentRoute: () => account,
  path: 'channels/$channel',
  component: lazy(() => import('./screens/channel.tsx'), 'ChannelScreen'),
});
const merchants = createRoute({
  getParentRoute: () => account,
  path: 'merchants',
  component: lazy(() => import('./screens/merchants.tsx'), 'MerchantsScreen'),
});
const merchant = createRoute({
  getParentRoute: () => account,
  path: 'merchants/$merchant',
  component: lazy(() => import('./screens/merchant.tsx'), 'MerchantScreen'),
});
const settings = createRoute({
  getParentRoute: () => account,
  path: 'settings',
  beforeLoad: ({ params }) => {
    redirect({ to: '/$account/settings/people', params, throw: true });
  },
});
const people = createRoute({
  getParentRoute: () => account,
  path: 'settings/people',
  component: lazy(() => import('./screens/settings-people.tsx'), 'PeopleScreen'),
});
const labelSettings = createRoute({
  getParentRoute: () => account,
  path: 'settings/labels',
  component: lazy(() => import('./screens/settings-labels.tsx'), 'LabelsScreen'),
});
const slipSettings = createRoute({
  getParentRoute: () => account,
  path: 'settings/slips',
  component: lazy(() => import('./screens/settings-slips.tsx'), 'SlipsScreen'),
});
const keys = createRoute({
  getParentRoute: () => account,
  path: 'settings/keys',
  component: lazy(() => import('./screens/settings-keys.tsx'), 'KeysScreen'),
});
const profile = createRoute({
  getParentRoute: () => account,
  path: 'settings/profile',
  component: lazy(() => import('./screens/settings-profile.tsx'), 'ProfileScreen'),
});

const support = createRoute({
  getParentRoute: () => root,
  path: 'support',
  validateSearch: search.parsed(search.supportSearch),
  component: lazy(() => import('./screens/support.tsx'), 'SupportScreen'),
});

const inAccount = [home, orders, order, ship, inventory, attention, activity, products, product, suppliers, supplier, channels, channel, merchants, merchant, settings, people, labelSettings, slipSettings, keys, profile] as const; // prettier-ignore

function textOf(values: Readonly<Record<string, unknown>>): string {
  const given = Object.entries(values).flatMap(([name, value]) =>
    typeof value === 'string' && value !== '' ? [[name, value]] : [],
  );
  return given.length === 0 ? '' : `?${new URLSearchParams(given).toString()}`;
}

const asError = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));

export const router = createRouter({
  basepath: '/portal',
  routeTree: root.addChildren([index, signIn, link, invitation, password, support, account.addChildren(inAccount)]),
  context: { queries },
  // All values are texts, so that an order number stays one.
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: textOf,
  defaultPreload: 'intent',
  defaultNotFoundComponent: NotFound,
  defaultErrorComponent: ({ error, reset }) => <ErrorState error={asError(error)} onRetry={reset} />,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

const publicPaths = /^\/portal\/(sign-in|link|invitation)?$/;

/** Leads to sign-in, and back to this page after it. */
async function toSignIn(): Promise<void> {
  const { pathname, search: query } = window.location;
  if (publicPaths.test(pathname)) return;
  queries.clear();
  await router.navigate({ to: '/sign-in', search: { to: pathname + query } });
}
