import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { createShipment } from '../../api/commands/shipments.ts';
import { recognized } from '../../api/queries/carriers.ts';
import { orderNow, ordersOfNumber } from '../../api/queries/scan.ts';
import { sessionQuery } from '../../api/queries/session.ts';
import type { LineState } from './line-state.ts';
import { ScanLine } from './line.ts';
import { play } from './sounds.ts';

interface Owned {
  readonly line: ScanLine;
  person: string | undefined;
}

/** Beyond the page: a scan goes on, and a wrong one stays, also while somebody looks at an order. */
const lines = new Map<string, Owned>();

/** The line of this person at this account; another person begins a new one. */
function lineOf(account: string, person: string | undefined): ScanLine {
  const known = lines.get(account);
  if (known && (known.person === undefined || person === undefined || known.person === person)) {
    known.person ??= person;
    return known.line;
  }
  const service = {
    ordersOfNumber: (number: string) => ordersOfNumber(account, number),
    orderNow: (id: string) => orderNow(account, id),
    recognized: (trackingNumber: string) => recognized(account, trackingNumber),
    createShipment: (shipment: Parameters<typeof createShipment>[1]) => createShipment(account, shipment),
  };
  const line = new ScanLine(service, play);
  lines.set(account, { line, person });
  return line;
}

/** The line of scans, and its state. The counts of the page follow each box. */
export function useLine(account: string): { readonly line: ScanLine; readonly state: LineState } {
  const queries = useQueryClient();
  const { data: session } = useQuery(sessionQuery);
  const person = session?.user.id;
  const line = useMemo(() => lineOf(account, person), [account, person]);
  const state = useSyncExternalStore(line.subscribe, line.state);
  const isBusy = state.running !== undefined || state.waiting.length > 0;
  const { done, stop } = state;

  useEffect(() => {
    // Also after a refusal: it may be due to what changed meanwhile, or to a session that has ended.
    if (!isBusy && (done.length > 0 || stop)) void queries.invalidateQueries({ queryKey: [account] });
  }, [account, done, isBusy, queries, stop]);

  // A scan that got no answer, or that a person is asked about, is not recorded yet.
  const isHeld = isBusy || stop?.kind === 'lost' || state.question !== undefined;
  useEffect(() => {
    if (!isHeld) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [isHeld]);

  return { line, state };
}
