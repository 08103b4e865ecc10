export type Plan = { maximumAvailable: number; restoreRate: number; singleQueryMax: number };
export type Bucket = ReturnType<typeof createBucket>;

/** The points of an app in a shop: a query takes them, and time gives them back. */
export function createBucket({ plan, now }: { plan: Plan; now: () => number }) {
  let level = plan.maximumAvailable;
  let at = now();
  const refill = () => {
    const elapsed = Math.max(0, now() - at) / 1000;
    level = Math.min(plan.maximumAvailable, level + elapsed * plan.restoreRate);
    at = now();
  };
  const status = (requested: number, actual: number | null) => ({
    cost: {
      requestedQueryCost: requested,
      actualQueryCost: actual,
      throttleStatus: {
        maximumAvailable: plan.maximumAvailable,
        currentlyAvailable: Math.floor(level),
        restoreRate: plan.restoreRate,
      },
    },
  });
  return {
    drain: (left: number) => {
      refill();
      level = left;
    },
    refusalOf: (requested: number): object | undefined => {
      refill();
      const error = (message: string, code: string) => ({ errors: [{ message, extensions: { code } }] });
      if (requested > plan.singleQueryMax) return error(`Query cost is ${requested}.`, 'MAX_COST_EXCEEDED');
      if (requested > level) return { ...error('Throttled', 'THROTTLED'), extensions: status(requested, null) };
      return undefined;
    },
    pay: ({ requested, actual }: { requested: number; actual: number }) => {
      level = Math.max(0, level - actual);
      return status(requested, actual);
    },
  };
}
