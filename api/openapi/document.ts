/** As much of OpenAPI 3.1 as is touched here. */
export type Document = { components: { schemas: Record<string, unknown> } };

/** The document with the schemas that it uses, each by its plain name. */
export const tidied = (document: Document): Document => withPlainNames(onlyUsed(document));

/** Each shape is registered as input and as output; most are only one of them. */
function onlyUsed(document: Document): Document {
  const { schemas } = document.components;
  const isUsed = (name: string) => JSON.stringify(document).includes(`"#/components/schemas/${name}"`);
  for (let unused = ['']; unused.length > 0;) {
    unused = Object.keys(schemas).filter((name) => !isUsed(name));
    for (const name of unused) delete schemas[name];
  }
  return document;
}

/** An input bears the suffix `Input`, which says nothing unless there is another shape of that name. */
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
