import { store, stored } from './storage.ts';

/** The service has grams and millimetres; people weigh and measure in what their scale shows. */
export const systems = ['metric', 'imperial'] as const;
export type System = (typeof systems)[number];

interface Measures {
  readonly weight: string;
  readonly length: string;
  readonly gramsPerWeight: number;
  readonly millimetresPerLength: number;
}

const measures: Readonly<Record<System, Measures>> = {
  metric: { weight: 'g', length: 'cm', gramsPerWeight: 1, millimetresPerLength: 10 },
  imperial: { weight: 'oz', length: 'in', gramsPerWeight: 28.349_523_125, millimetresPerLength: 25.4 },
};

export const measuresOf = (system: System): Measures => measures[system];

const imperialIn = /-(US|LR|MM)\b/;

/** As chosen on this browser; else as usual in its country. */
export function usualSystem(): System {
  const chosen = stored('vp.measures');
  return systems.find((one) => one === chosen) ?? (imperialIn.test(navigator.language) ? 'imperial' : 'metric');
}

export const chooseSystem = (system: System): void => store('vp.measures', system);

/** `12`, `12.5` and `12,5`; undefined for what is no number above 0. */
function numberOf(text: string): number | undefined {
  const value = /^\d{1,6}(?:[.,]\d{1,3})?$/.test(text.trim()) ? Number(text.trim().replace(',', '.')) : 0;
  return value > 0 ? value : undefined;
}

const whole = (text: string, size: number): number | undefined => {
  const value = numberOf(text);
  // A carrier charges by what is not less than the truth.
  return value === undefined ? undefined : Math.max(1, Math.ceil(value * size - 1e-6));
};

/** Grams of a weight as people type it. Undefined for what is none. */
export const gramsOf = (text: string, system: System): number | undefined =>
  whole(text, measures[system].gramsPerWeight);

/** Millimetres of a length as people type it. Undefined for what is none. */
export const millimetresOf = (text: string, system: System): number | undefined =>
  whole(text, measures[system].millimetresPerLength);

const inTenths = (value: number): string => String(Math.ceil(value * 10 - 1e-6) / 10);

/** For a field: 350 grams are `350` g, `12.4` oz. */
export const weightText = (grams: number, system: System): string => inTenths(grams / measures[system].gramsPerWeight);
export const lengthText = (millimetres: number, system: System): string =>
  inTenths(millimetres / measures[system].millimetresPerLength);
