import { describe, expect, it } from '@jest/globals';
import { NoDeprecatedCustomRule, parse, specifiedRules, TypeInfo, validate, visit, visitWithTypeInfo } from 'graphql';
import { documents } from '../../../../activities/channels/shopify/documents.ts';
import { shopifyPermissions } from '../../../../activities/channels/shopify/kind.ts';
import { adminSchema, scopesOf } from '../../../support/fakes/shopify/admin-schema.ts';

const faultsOf = (document: string) =>
  validate(adminSchema, parse(document), [...specifiedRules, NoDeprecatedCustomRule]).map(({ message }) => message);

/** The fields of a document for which a scope is needed, with the scopes of which one is enough. */
function neededBy(document: string): { field: string; anyOf: readonly string[] }[] {
  const types = new TypeInfo(adminSchema);
  const needed: { field: string; anyOf: readonly string[] }[] = [];
  visit(
    parse(document),
    visitWithTypeInfo(types, {
      Field: ({ name }) => {
        const field = `${types.getParentType()?.name}.${name.value}`;
        const anyOf = scopesOf(types.getParentType()?.name ?? '', name.value);
        if (anyOf.length > 0) needed.push({ field, anyOf });
      },
    }),
  );
  return needed;
}

describe('the documents that a Shopify shop gets', () => {
  it.each(Object.entries(documents))('%s is in Shopify’s schema, without deprecated fields', (_name, document) => {
    expect(faultsOf(document)).toEqual([]);
  });

  it.each(Object.entries(documents))('%s needs no right that we do not ask for', (_name, document) => {
    const held = new Set<string>(shopifyPermissions.map(({ name }) => name));

    expect(neededBy(document).filter(({ anyOf }) => !anyOf.some((scope) => held.has(scope)))).toEqual([]);
  });

  it('would fail with a field that is deprecated or unknown', () => {
    const line = (field: string) => `{ order(id: "1") { lineItems(first: 1) { nodes { ${field} } } } }`;

    expect(faultsOf(line('fulfillableQuantity'))).toHaveLength(1);
    expect(faultsOf(line('quantityOfNoSchema'))).toHaveLength(1);
    expect(faultsOf(line('quantity'))).toEqual([]);
  });
});
