import type { App } from './deps.ts';
import { meRoutes } from './routes/me.ts';

/** Every resource under /v1, one line each. */
export const routes: readonly ((app: App) => void | Promise<void>)[] = [meRoutes];
