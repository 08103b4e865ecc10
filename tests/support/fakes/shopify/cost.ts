import {
  getNamedType,
  getOperationAST,
  isAbstractType,
  isObjectType,
  Kind,
  OperationTypeNode,
  type DocumentNode,
  type FieldNode,
  type GraphQLNamedType,
  type GraphQLOutputType,
  type SelectionSetNode,
} from 'graphql';
import { adminSchema } from './admin-schema.ts';

type Variables = Readonly<Record<string, unknown>>;

/**
 * The points that a document costs by Shopify's published table: an object 1, a connection 2 and its size times its
 * child, a mutation 10, a scalar nothing. A shop may ask for less.
 */
export function documentedCost(document: DocumentNode, variables: Variables): number {
  const operation = getOperationAST(document)!;
  const isMutation = operation.operation === OperationTypeNode.MUTATION;
  const root = isMutation ? adminSchema.getMutationType()! : adminSchema.getQueryType()!;
  const mutations = isMutation ? 10 * operation.selectionSet.selections.length : 0;
  return costOf(operation.selectionSet, root, variables) + mutations;
}

function costOf(set: SelectionSetNode | undefined, type: GraphQLNamedType, variables: Variables): number {
  let sum = 0;
  for (const selection of set?.selections ?? []) {
    if (selection.kind === Kind.FIELD) sum += costOfField(selection, type, variables);
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const name = selection.typeCondition?.name.value;
      sum += costOf(selection.selectionSet, name === undefined ? type : adminSchema.getType(name)!, variables);
    }
  }
  return sum;
}

function costOfField(field: FieldNode, parent: GraphQLNamedType, variables: Variables): number {
  const type = fieldTypeOf(parent, field.name.value);
  const named = type && getNamedType(type);
  if (!named || !(isObjectType(named) || isAbstractType(named)) || named.name === 'PageInfo') return 0;
  if (named.name.endsWith('Connection')) return 2 + sizeOf(field, variables) * childCost(field, named, variables);
  const child = 1 + costOf(field.selectionSet, named, variables);
  const isByIds = field.name.value === 'nodes' && parent === adminSchema.getQueryType();
  return isByIds ? child * ((variables['ids'] as unknown[] | undefined)?.length ?? 1) : child;
}

function fieldTypeOf(type: GraphQLNamedType, name: string): GraphQLOutputType | undefined {
  return 'getFields' in type ? (type.getFields()[name]?.type as GraphQLOutputType | undefined) : undefined;
}

/** `nodes` of a connection are its children. */
function childCost(field: FieldNode, connection: GraphQLNamedType, variables: Variables): number {
  const nodes = field.selectionSet?.selections.find(
    (selection) => selection.kind === Kind.FIELD && selection.name.value === 'nodes',
  ) as FieldNode | undefined;
  const type = fieldTypeOf(connection, 'nodes');
  return nodes && type ? 1 + costOf(nodes.selectionSet, getNamedType(type), variables) : 0;
}

function sizeOf({ arguments: given = [] }: FieldNode, variables: Variables): number {
  const value = given.find(({ name }) => name.value === 'first')?.value;
  if (value?.kind === Kind.VARIABLE) return Number(variables[value.name.value] ?? 0);
  return value?.kind === Kind.INT ? Number(value.value) : 0;
}
