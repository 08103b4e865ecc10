import { createSafeFetch } from '../../../../activities/channels/safe-fetch.ts';
import {
  LabelError,
  type LabelFault,
  type LabelProvider,
  type ProviderFactory,
  type Purchase,
  type RateRequest,
} from '../../../../activities/labels/provider.ts';
import { labelProviders } from '../../../../activities/labels/providers/index.ts';
import type { LabelProviderKind } from '../../../../domain/labels/account.ts';
import { startFaultProxy, type FaultProxy, type ProxiedRequest } from '../../../support/fakes/fault-proxy.ts';
import type { LabelServer } from '../../../support/fakes/labels/simulator.ts';
import { noLabelUrls } from '../../../support/fakes/no-labels.ts';

type Open = { credentials?: unknown; signal?: AbortSignal; allowedHosts?: string[]; urls?: typeof noLabelUrls };

/** A provider for the conformance suite. */
export type Harness = { open: (options?: Open) => LabelProvider };

/** One with a server: the suite believes the server's ledger and nobody else. */
export type RemoteHarness = Harness & {
  server: LabelServer;
  proxy: FaultProxy;
  /** Which requests buy. */
  isPurchase: (request: ProxiedRequest) => boolean;
  stop: () => Promise<void>;
};

const toolsWith = ({ signal, allowedHosts = [], urls = noLabelUrls }: Open): Parameters<ProviderFactory>[1] => ({
  fetch: createSafeFetch({ allowedPrivateHosts: allowedHosts }),
  urls,
  now: () => new Date(),
  signal: signal ?? new AbortController().signal,
});

export const localHarness = (kind: LabelProviderKind): Harness => ({
  open: (options = {}) => labelProviders[kind](options.credentials ?? {}, toolsWith(options)),
});

/** All calls go through a proxy that puts faults between us and the server. */
export async function remoteHarness(
  kind: 'easypost' | 'shippo',
  start: () => Promise<LabelServer>,
  isPurchase: (request: ProxiedRequest) => boolean,
): Promise<RemoteHarness> {
  const server = await start();
  const proxy = await startFaultProxy({ target: server.url });
  const urls = { easypost: proxy.url, shippo: proxy.url };
  return {
    server,
    proxy,
    isPurchase,
    open: (options = {}) =>
      labelProviders[kind](
        options.credentials ?? { apiKey: server.apiKey },
        toolsWith({ urls, allowedHosts: [server.host], ...options }),
      ),
    stop: async () => {
      await proxy.close();
      await server.stop();
    },
  };
}

const warehouse = {
  name: 'Ruth Baker',
  company: 'Mugs & More',
  address1: '388 Townsend Street',
  city: 'San Francisco',
  province: 'CA',
  postalCode: '94107',
  country: 'US',
  phone: '5555550123',
};
export const customer = {
  name: 'Élodie Müller-Świątek',
  address1: '179 North Harbor Drive',
  address2: 'Apt 20',
  city: 'Redondo Beach',
  province: 'CA',
  postalCode: '90277',
  country: 'US',
};

let asked = 0;
export function aRating(changes: Partial<RateRequest> = {}): RateRequest {
  asked += 1;
  return {
    reference: `rat_${asked}`,
    from: warehouse,
    to: customer,
    parcel: { weightGrams: 430, lengthMm: 254, widthMm: 203, heightMm: 102 },
    customs: null,
    insuredValue: null,
    signature: 'none',
    isReturn: false,
    ...changes,
  };
}

let labels = 0;
/** Rates a parcel and gives the cheapest rate's purchase, for a label of its own. */
export async function aPurchase(provider: LabelProvider, changes: Partial<RateRequest> = {}): Promise<Purchase> {
  const request = aRating(changes);
  const { shipmentId, rates } = await provider.rate(request);
  labels += 1;
  const cheapest = [...rates].sort((a, b) => a.cost.amount - b.cost.amount)[0]!;
  return { shipmentId, rateId: cheapest.rateId, labelId: `lbl_${labels}`, insuredValue: request.insuredValue };
}

/** The fault that a call ends with. */
export async function faultOf(call: Promise<unknown>): Promise<LabelFault> {
  return (await errorOf(call)).fault;
}

export async function errorOf(call: Promise<unknown>): Promise<LabelError> {
  const error: unknown = await call.then(
    () => new Error('The call succeeded.'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof LabelError)) throw error;
  return error;
}
