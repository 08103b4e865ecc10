import type easypost from '@easypost/api';

type EasyPostClass = typeof easypost.default;
export type EasyPostClient = InstanceType<EasyPostClass>;

/**
 * Loaded with the first call, since few workers ever make one. The package's types describe its CommonJS build as a namespace;
 * both of its builds export the class itself.
 */
export async function easyPostClass(): Promise<EasyPostClass> {
  const loaded: { default: unknown } = await import('@easypost/api');
  return loaded.default as EasyPostClass;
}
