import type { ChannelKind } from '../../api/queries/channel-kinds.ts';

/** The part of JSON Schema by which the service describes what it wants of a shop. */
interface Schema {
  readonly properties?: Readonly<Record<string, Property>>;
  readonly required?: readonly string[];
  /** One of several ways. */
  readonly anyOf?: readonly Schema[];
}
interface Property {
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly string[];
  readonly description?: string;
  readonly writeOnly?: boolean;
}

/** A field of the form. `isList`: its values are typed with commas between them. */
export interface ShopField {
  readonly name: string;
  readonly description: string | undefined;
  readonly isRequired: boolean;
  readonly isSecret: boolean;
  readonly isList: boolean;
  readonly isAddress: boolean;
  /** Empty where any text may be typed. */
  readonly choices: readonly string[];
}

const fieldsIn = ({ properties = {}, required = [] }: Schema): ShopField[] =>
  Object.entries(properties).map(([name, property]) => ({
    name,
    description: property.description,
    isRequired: required.includes(name),
    isSecret: property.writeOnly === true,
    isList: property.type === 'array',
    isAddress: property.format === 'uri',
    choices: property.enum ?? [],
  }));

export const settingsOf = ({ settings }: ChannelKind): ShopField[] => fieldsIn(settings);

/** The ways to sign in, one at least. */
export function waysOf({ credentials }: ChannelKind): readonly ShopField[][] {
  const { anyOf, ...only } = credentials as Schema;
  return (anyOf ?? [only]).map(fieldsIn);
}
