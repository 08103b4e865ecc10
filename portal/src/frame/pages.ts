import {
  Boxes,
  Cable,
  ListChecks,
  PackageCheck,
  ScanBarcode,
  Settings,
  Store,
  Tags,
  TriangleAlert,
  type LucideIcon,
} from 'lucide-react';
import type { Words } from '../words/en.ts';

type Name = 'orders' | 'ship' | 'inventory' | 'attention' | 'activity' | 'products' | 'suppliers' | 'channels' | 'merchants' | 'settings'; // prettier-ignore

export interface NavPage {
  readonly name: Name;
  readonly icon: LucideIcon;
  readonly count?: number | undefined;
  readonly isAlarm?: boolean;
}

export interface NavGroup {
  readonly title: string | undefined;
  readonly pages: readonly NavPage[];
}

interface Sides {
  readonly sells: boolean;
  readonly supplies: boolean;
}

interface Counts {
  readonly toShip: number;
  readonly partlyShipped: number;
}

interface Summary {
  readonly selling: Counts | null;
  readonly supplying: Counts | null;
  readonly needsSync: number;
  readonly attention: number;
}

const open = (counts: Counts | null | undefined): number => (counts ? counts.toShip + counts.partlyShipped : 0);

/** The pages of an account by its sides; one that does neither yet sees the set-up of both. */
export function pagesOf({ sells, supplies }: Sides, summary: Summary | undefined, words: Words['frame']): NavGroup[] {
  const isNew = !sells && !supplies;
  const work: NavPage[] = [
    { name: 'orders', icon: PackageCheck, count: open(summary?.selling) + open(summary?.supplying) },
    ...(supplies ? [{ name: 'ship', icon: ScanBarcode } as const] : []),
    { name: 'inventory', icon: Boxes, count: summary?.needsSync },
    { name: 'attention', icon: TriangleAlert, count: summary?.attention, isAlarm: true },
    { name: 'activity', icon: ListChecks },
  ];
  const selling: NavPage[] = [
    { name: 'products', icon: Tags },
    { name: 'suppliers', icon: Cable },
    { name: 'channels', icon: Store },
  ];
  const supplying: NavPage[] = [{ name: 'merchants', icon: Cable }];
  const settings: NavPage = { name: 'settings', icon: Settings };
  if (sells !== supplies)
    return [
      { title: undefined, pages: work },
      { title: words.setUp, pages: [...(sells ? selling : supplying), settings] },
    ];
  return [
    { title: undefined, pages: isNew ? work.slice(0, 3) : work },
    { title: words.selling, pages: selling },
    { title: words.supplying, pages: supplying },
    { title: words.setUp, pages: [settings] },
  ];
}
