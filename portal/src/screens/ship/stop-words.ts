import type { Words } from '../../words/en.ts';
import type { Stop } from './line-state.ts';

/** What stopped the line, and what to do. */
export function stopWords(stop: Stop, words: Words): { readonly title: string; readonly hint: string } {
  const { stops } = words.ship;
  const { text } = stop.scan;
  switch (stop.kind) {
    case 'unknown':
      return { title: stops.unknown(text), hint: stops.unknownHint };
    case 'label-first':
      return { title: stops.labelFirst(text), hint: stops.labelFirstHint };
    case 'shipped':
      return { title: stops.shipped(stop.order.number), hint: stops.shippedHint };
    case 'cancelled':
      return { title: stops.cancelled(stop.order.number), hint: stops.cancelledHint };
    case 'cancel-requested':
      return { title: stops.cancelRequested(stop.order.number, stop.order.party), hint: stops.cancelRequestedHint };
    case 'with-supplier':
      return { title: stops.withSupplier(stop.order.number), hint: stops.withSupplierHint };
    case 'not-now':
      return { title: stops.notNow(stop.order.number, stop.order.party), hint: stops.notNowHint };
    case 'split':
      return { title: stops.split(stop.order.number), hint: stops.splitHint(stop.parts) };
    case 'no-label':
      return { title: stops.noLabel(stop.order.number), hint: stops.noLabelHint(text) };
    case 'used-label':
      return { title: stops.usedLabel(text, stop.used.number), hint: stops.usedLabelHint(stop.order.number) };
    case 'no-units':
      return { title: stops.noUnits(stop.order.number), hint: stops.noUnitsHint };
    case 'refused':
      return { title: stops.refused(text), hint: stop.detail };
    case 'lost':
      return { title: stops.lost(text), hint: `${stop.detail ?? words.common.unreachable} ${stops.lostHint}` };
  }
}

/** The order that a person may want to look at. */
export const orderOf = (stop: Stop) => ('order' in stop ? stop.order : undefined);
