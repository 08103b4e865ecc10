import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { buildClientSchema, type IntrospectionQuery } from 'graphql';

export const apiVersion = '2026-10';

/** Shopify's own description of its Admin API. Where it is from, and its licence: `admin-schema/NOTICE.md`. */
const file = JSON.parse(
  gunzipSync(readFileSync(join(import.meta.dirname, `admin-schema/admin_${apiVersion}.json.gz`))).toString(),
) as {
  data: IntrospectionQuery;
  offline_scopes: { items: { typeName: string; fieldName: string; offlineScopes: string[] }[] };
};

export const adminSchema = buildClientSchema(file.data);

const scopes = new Map(
  file.offline_scopes.items.map(({ typeName, fieldName, offlineScopes }) => [
    `${typeName}.${fieldName}`,
    offlineScopes,
  ]),
);

/** The scopes of which one is needed for a field; none for most fields. */
export const scopesOf = (typeName: string, fieldName: string): readonly string[] =>
  scopes.get(`${typeName}.${fieldName}`) ?? [];
