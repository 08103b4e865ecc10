import type { ShopKind } from '../../domain/channel.ts';
import { apiKind } from './api-kind.ts';
import type { ShopDescription } from './kind.ts';
import { vendureKind } from './vendure/kind.ts';

/** Each kind of shop as the API knows it. Nothing here loads a connector: the API imports this file alone of this room. */
export const shops: Readonly<Record<ShopKind, ShopDescription>> = { vendure: vendureKind, api: apiKind };
