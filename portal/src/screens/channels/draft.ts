import type { ChannelChange, NewChannel } from '../../../../clients/typescript/src/index.ts';
import type { ChannelKind } from '../../api/queries/channel-kinds.ts';
import type { Channel } from '../../api/queries/channels.ts';
import { settingsOf, waysOf, type ShopField } from './fields.ts';

/** What is typed, by the names of the fields. */
type Typed = Readonly<Record<string, string>>;

/** What is typed in the form of a channel. `way`: which of the ways to sign in. */
export interface Draft {
  readonly name: string;
  readonly settings: Typed;
  readonly credentials: Typed;
  readonly way: number;
}

export const newDraft: Draft = { name: '', settings: {}, credentials: {}, way: 0 };

/** Secrets are never shown: they are typed anew. */
export const draftOf = ({ name, settings }: Channel): Draft => ({
  ...newDraft,
  name,
  settings: Object.fromEntries(Object.entries(settings).map(([field, value]) => [field, textOf(value)])),
});

const textOf = (value: unknown): string => (Array.isArray(value) ? value.join(', ') : String(value));

/** Without what is empty. A secret is sent as it is typed. */
const sent = (fields: readonly ShopField[], typed: Typed) =>
  Object.fromEntries(
    fields
      .filter(({ name }) => (typed[name] ?? '').trim() !== '')
      .map((field) => [field.name, valueOf(field, typed[field.name] ?? '')]),
  );

function valueOf({ isList, isSecret }: ShopField, text: string): string | string[] {
  if (isList) return text.split(',').map((one) => one.trim());
  return isSecret ? text : text.trim();
}

function partsOf(kind: ChannelKind, { name, settings, credentials, way }: Draft) {
  const signIn = waysOf(kind)[way] ?? [];
  return {
    name: name.trim(),
    settings: sent(settingsOf(kind), settings),
    ...(signIn.length > 0 && { credentials: sent(signIn, credentials) }),
  };
}

/** The service has the last word on them: it names each field that is wrong. */
export const newChannelOf = (kind: ChannelKind, draft: Draft) =>
  ({ kind: kind.kind, ...partsOf(kind, draft) }) as NewChannel;

export const changeOf = (kind: ChannelKind, draft: Draft) => partsOf(kind, draft) as ChannelChange;
