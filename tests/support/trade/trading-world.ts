import type { CallbackShop } from '../fakes/callback-shop.ts';
import { forTheFile } from '../engine/for-the-file.ts';
import { aTradedSku, type TradedSku } from './cancel-trade.ts';
import { startStage, type Stage } from './stage.ts';
import { startWorld, type World, type WorldOptions } from './world.ts';

/** `endpoint`: is the merchant's shop. */
type At = { endpoint?: CallbackShop };

/** The whole service in this process, for one test file, with a supplied product that a merchant sells. */
export function aTradingWorld({ endpoint, ...options }: WorldOptions & At = {}): { world: World; traded: TradedSku } {
  const world = forTheFile(() => startWorld({ ...options, ...(endpoint && { allowedHosts: [endpoint.host] }) }));
  return { world, traded: forTheFile(() => aTradedSku(world, endpoint && callingBack(endpoint))) };
}

/** The same by real processes: an API and a worker. */
export function aTradingStage({ endpoint }: At = {}): { stage: Stage; traded: TradedSku } {
  const stage = forTheFile(async () => {
    const started = await startStage({ allowedHosts: endpoint ? [endpoint.host] : [] });
    await started.startWorker();
    return started;
  });
  return { stage, traded: forTheFile(() => aTradedSku(stage, endpoint && callingBack(endpoint))) };
}

/** Settings of a channel whose shop is this endpoint. */
export const callingBack = ({ url, secret }: CallbackShop) => ({ callbackUrl: url, callbackSecret: secret });
