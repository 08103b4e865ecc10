import type { FastifySerializerCompiler } from 'fastify';
import { serializerCompiler } from 'fastify-type-provider-zod';
import type { App } from '../deps.ts';

/**
 * Serializers for a route that builds its answer field by field, in the order of its schema, from our own rows. The
 * schema would only read and copy the whole page again, so it is left out. Tests compare both texts for each answer.
 */
export function asBuilt({ deps }: App): FastifySerializerCompiler<unknown> {
  return (route) => {
    if (deps.checksAnswers !== true) return (answer) => JSON.stringify(answer);
    const bySchema = serializerCompiler(route as Parameters<typeof serializerCompiler>[0]);
    return (answer: unknown) => {
      const text = JSON.stringify(answer);
      if (bySchema(answer) !== text) throw new Error(`${route.url} builds an answer that its schema would change.`);
      return text;
    };
  };
}
