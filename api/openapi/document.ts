import type { ErrorCode } from '../../domain/errors.ts';
import { errorAnswers } from './error-answers.ts';
import { examples } from './examples.ts';

/** The parts of OpenAPI 3.1 that this file changes. */
export type Document = {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, unknown>; responses?: Record<string, unknown> };
};
type Operation = {
  requestBody?: { content: Record<string, { schema: { $ref?: string }; example?: object }> };
  responses: Record<string, unknown>;
  'x-errors'?: readonly ErrorCode[];
};

/** The document with the errors of each operation and examples; it has only the used schemas, by their plain names. */
export const tidied = (document: Document): Document => withExamples(withPlainNames(onlyUsed(withErrors(document))));

/** The example stands beside the schema of each body, where Spectral compares the two. */
function withExamples(document: Document): Document {
  for (const { requestBody } of Object.values(document.paths).flatMap((path) => Object.values(path))) {
    const body = requestBody?.content['application/json'];
    const example = examples[body?.schema.$ref?.split('/').at(-1) ?? ''];
    if (body && example) body.example = example;
  }
  return document;
}

/** Replaces the general problem by the codes of each status. */
function withErrors(document: Document): Document {
  const responses: Record<string, unknown> = {};
  for (const operation of Object.values(document.paths).flatMap((path) => Object.values(path))) {
    const { '4XX': _refusal, '5XX': _fault, ...successes } = operation.responses;
    const errors = errorAnswers(operation['x-errors'] ?? []);
    operation.responses = { ...successes, ...errors.responses };
    Object.assign(responses, errors.shared);
    delete operation['x-errors'];
  }
  return { ...document, components: { ...document.components, responses } };
}

/** Each shape is registered as input and as output; most shapes are used as only one of them. */
function onlyUsed(document: Document): Document {
  const { schemas } = document.components;
  for (let unused = ['']; unused.length > 0;) {
    const text = JSON.stringify(document);
    unused = Object.keys(schemas).filter((name) => !text.includes(`"#/components/schemas/${name}"`));
    for (const name of unused) delete schemas[name];
  }
  return document;
}

/** An input has the suffix `Input`. It is only needed where an output has the same name and another shape. */
function withPlainNames(document: Document): Document {
  const { schemas } = document.components;
  const plainNameOf = (name: string): string => {
    const plain = name.replace(/Input$/, '');
    const isTaken = plain in schemas && JSON.stringify(schemas[plain]) !== JSON.stringify(schemas[name]);
    return isTaken ? name : plain;
  };
  const text = JSON.stringify({
    ...document,
    components: {
      ...document.components,
      schemas: Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [plainNameOf(name), schema])),
    },
  });
  const renamed = text.replaceAll(
    /"#\/components\/schemas\/(\w+)"/g,
    (_reference, name: string) => `"#/components/schemas/${plainNameOf(name)}"`,
  );
  return JSON.parse(renamed) as Document;
}
