import type { ChannelChange, NewChannel } from '../../../../clients/typescript/src/index.ts';
import type { Channel } from '../../api/queries/channels.ts';
import { kinds, type Login, type ShopKind } from './kinds.ts';

/** What is typed in the form of a channel. */
export interface Draft {
  readonly kind: ShopKind;
  readonly name: string;
  readonly url: string;
  readonly login: Login;
  readonly username: string;
  readonly password: string;
  readonly apiKey: string;
  readonly webhookSecret: string;
  readonly stockLocationId: string;
  readonly digitalField: string;
  readonly callbackSecret: string;
  /** These two are not shown: a change of the settings replaces all of them. */
  readonly importFrom: string;
  readonly importWhen: Channel['settings']['importWhen'];
}

export const newDraft = (kind: ShopKind): Draft => ({
  kind,
  name: '',
  url: '',
  login: kinds[kind].logins[0] ?? 'password',
  username: '',
  password: '',
  apiKey: '',
  webhookSecret: '',
  stockLocationId: '',
  digitalField: '',
  callbackSecret: '',
  importFrom: '',
  importWhen: undefined,
});

/** Secrets are never shown: they are typed anew. */
export const draftOf = ({ name, settings }: Channel, kind: ShopKind): Draft => ({
  ...newDraft(kind),
  name,
  url: settings.url ?? settings.callbackUrl ?? '',
  stockLocationId: settings.stockLocationId ?? '',
  digitalField: settings.digitalField ?? '',
  importFrom: settings.importFrom ?? '',
  importWhen: settings.importWhen,
});

const given = <K extends string>(name: K, value: string) =>
  value.trim() === '' ? {} : ({ [name]: value.trim() } as Readonly<Record<K, string>>);

const vendureOf = (draft: Draft) => ({
  settings: {
    url: draft.url.trim(),
    ...given('stockLocationId', draft.stockLocationId),
    ...given('digitalField', draft.digitalField),
    ...given('importFrom', draft.importFrom),
    ...(draft.importWhen && { importWhen: draft.importWhen }),
  },
  credentials: {
    ...(draft.login === 'password'
      ? { username: draft.username.trim(), password: draft.password }
      : { apiKey: draft.apiKey.trim() }),
    ...given('webhookSecret', draft.webhookSecret),
  },
});

const medusaOf = (draft: Draft) => ({
  settings: vendureOf(draft).settings,
  credentials: { apiKey: draft.apiKey.trim(), ...given('webhookSecret', draft.webhookSecret) },
});

const apiOf = (draft: Draft) => ({
  settings: { ...given('callbackUrl', draft.url), ...given('callbackSecret', draft.callbackSecret) },
});

/** By kind: what the service wants of a draft. */
const partsOf = {
  vendure: (draft: Draft) => ({ kind: 'vendure' as const, ...vendureOf(draft) }),
  medusa: (draft: Draft) => ({ kind: 'medusa' as const, ...medusaOf(draft) }),
  api: (draft: Draft) => ({ kind: 'api' as const, ...apiOf(draft) }),
} satisfies Record<ShopKind, (draft: Draft) => object>;

export const newChannelOf = (draft: Draft): NewChannel => ({
  ...partsOf[draft.kind](draft),
  name: draft.name.trim(),
});

export const changeOf = (draft: Draft): ChannelChange => {
  const { kind: _, ...parts } = partsOf[draft.kind](draft);
  return { name: draft.name.trim(), ...parts };
};
