import type { Dice } from './dice.ts';

type Schema = {
  $ref?: string;
  allOf?: Schema[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  const?: unknown;
  enum?: unknown[];
  type?: string;
  format?: string;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
};
type Parameter = { in: string; name: string; schema: Schema };
type Body = { schema: Schema; example?: unknown };
type RawOperation = {
  operationId: string;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, Body> };
  'x-access': { audience: string[] };
};
export type ApiDocument = {
  paths: Record<string, Record<string, RawOperation>>;
  components: { schemas: Record<string, Schema> };
};
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
export type Operation = {
  id: string;
  method: Method;
  path: string;
  audience: string[];
  parameters: Parameter[];
  bodies: Record<string, Body>;
};
/** `isWrong`: it has a field that no schema knows, so that it must be refused. */
export type MadeRequest = {
  method: Method;
  url: string;
  contentType: string | undefined;
  payload: string | Buffer | undefined;
  isWrong: boolean;
};

export const operationsOf = ({ paths }: ApiDocument): Operation[] =>
  Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { operationId, parameters = [], requestBody, ...rest }]) => ({
      id: operationId,
      method: method.toUpperCase() as Method,
      path,
      audience: rest['x-access'].audience,
      parameters,
      bodies: requestBody?.content ?? {},
    })),
  );

const idText = /^([a-z]+)_[0-9A-Za-z]{8,40}$/;
const sharedFields = ['sku', 'number', 'remoteId', 'remoteLineId', 'email', 'trackingNumber', 'nextCursor', 'currency'];

/** What answers have shown so far: ids by their prefix, and texts by the name of their field. */
export class Known {
  readonly #texts = new Map<string, Set<string>>();
  readonly #never: ReadonlySet<string>;

  /** @param never ids that no request is to name, such as the caller's own key */
  constructor(never: readonly string[]) {
    this.#never = new Set(never);
  }

  learn(value: unknown, name = ''): void {
    if (Array.isArray(value)) return value.slice(0, 20).forEach((entry) => this.learn(entry, name));
    if (typeof value === 'object' && value !== null)
      return Object.entries(value).forEach(([field, inner]) => this.learn(inner, field));
    if (typeof value !== 'string' || this.#never.has(value)) return;
    const prefix = idText.exec(value)?.[1];
    if (prefix !== undefined) this.#add(`${prefix}_`, value);
    else if (sharedFields.includes(name)) this.#add(name, value);
  }

  find(name: string, dice: Dice): string | undefined {
    const texts = this.#texts.get(name);
    return texts && texts.size > 0 ? dice.pick([...texts]) : undefined;
  }

  #add(name: string, text: string): void {
    const texts = this.#texts.get(name) ?? new Set();
    this.#texts.set(name, texts.add(text));
    // The newest matter: older rows are deleted, shipped or ended by now.
    if (texts.size > 40) texts.delete([...texts][0]!);
  }
}

const prefixes: Readonly<Record<string, string>> = {
  accounts: 'acct_', keys: 'key_', members: 'usr_', invitations: 'inv_', connections: 'conn_', suppliers: 'sup_',
  warehouses: 'wh_', channels: 'chan_', products: 'prod_', listings: 'lst_', orders: 'ord_', documents: 'doc_',
  shipments: 'shp_', labels: 'lbl_', 'print-jobs': 'pjob_', 'label-accounts': 'lacc_', tasks: 'task_',
  attentions: 'att_', session: 'ses_', hooks: 'chan_',
}; // prettier-ignore
const texts = [
  'A', 'MUG', 'LAMP', 'ups', 'UPS Ground', '1Z999AA10123456784', "O'Hara", '"quoted"', 'a,b;c', '%_\\', '${x}', '{{x}}', '  both ', 'ä漢字🎁', 'e\u0301',
  '\u202eright to left', '=1+1', '<b>', '../..', 'null', '0', '-1', '1e5', 'constructor', 'a'.repeat(64), 'dana@fuzz.example', 'USD', 'DE', '12345',
]; // prettier-ignore
const patterned = ['USD', 'EUR', '6109.10', 'dana@fuzz.example', 'x3zLxDQ0yq1x1mE8nZlUu1cZtq7c0y4m2sVb9dKJ5xA', 'isDigital', `whsec_${'A'.repeat(43)}=`]; // prettier-ignore
const times = ['2026-01-31T12:00:00Z', '2026-11-30T23:59:59.999Z', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z', '2024-02-29T00:00:00.123456789Z']; // prettier-ignore
const uris = ['https://shop.example/a', 'http://127.0.0.1:3999/a', 'http://10.0.0.1/', 'https://user:pass@shop.example', 'ftp://shop.example', 'https://[::1]/']; // prettier-ignore
const nonsense: unknown[] = [null, '', ' ', [], {}, [[]], -1, 0, 0.5, 1e308, -1e-9, 2 ** 53, true, '\u0000', '\ud800', '\u200b', 'x'.repeat(6_000), { a: 1 }, '__proto__', 'ord_0', '2026-02-30T00:00:00Z']; // prettier-ignore
const wrongIds = ['unknown', '%00', 'a%20b', 'x'.repeat(90), '...', '%E0%A4%A', 'ord_1', '0'];
const sheets = ['sku,physical_on_hand\nMUG,3\n', 'sku,adjust_by,reason\nMUG,1,count\n', 'order,carrier,tracking\n1001,ups,1Z\n', '', '\n', 'a', '"', 'sku;physical_on_hand\r\nMUG;"3', '\ufeffsku,physical_on_hand\nMUG,1e9\n', 'PK\u0003\u0004']; // prettier-ignore

/** Makes requests of the operations that a document lists: by their schemas, or spoiled. */
export class Requests {
  readonly #schemas: Record<string, Schema>;
  readonly #known: Known;
  readonly #dice: Dice;

  constructor(document: ApiDocument, known: Known, dice: Dice) {
    this.#schemas = document.components.schemas;
    this.#known = known;
    this.#dice = dice;
  }

  next({ method, path, parameters, bodies }: Operation): MadeRequest {
    const url = this.#path(path, parameters) + this.#query(parameters);
    const contentType = Object.keys(bodies).length === 0 ? undefined : this.#contentType(Object.keys(bodies));
    if (contentType === undefined) {
      const isHook = path.includes('/hooks/');
      return { method, url, isWrong: false, contentType: isHook ? 'application/json' : undefined, payload: isHook ? '{"id":"1"}' : undefined }; // prettier-ignore
    }
    if (contentType !== 'application/json') {
      const text = this.#dice.pick(sheets);
      return { method, url, contentType, payload: Buffer.from(text), isWrong: false };
    }
    const { schema, example } = bodies[contentType]!;
    const body = example !== undefined && this.#rolls(50) ? this.#meant(example) : this.#value(schema, '');
    const made = { method, url, contentType };
    if (this.#rolls(60)) return { ...made, payload: JSON.stringify(body), isWrong: false };
    if (this.#rolls(30)) return { ...made, payload: JSON.stringify({ ...(body as object), colour: 1 }), isWrong: true };
    return { ...made, payload: JSON.stringify(this.#spoiled(body)), isWrong: false };
  }

  /** The example of the document, about things that are there. */
  #meant(example: unknown): unknown {
    return JSON.parse(JSON.stringify(example), (name, value: unknown) => {
      if (typeof value !== 'string') return value;
      if (name === 'remoteId' || name === 'number') return `${value}-${this.#dice.between(1, 1_000_000)}`;
      const prefix = /^[a-z]+_(?=[0-9A-Za-z]+$)/.exec(value)?.[0];
      return this.#known.find(prefix ?? name, this.#dice) ?? value;
    });
  }

  #rolls(percent: number): boolean {
    return this.#dice.between(1, 100) <= percent;
  }

  #contentType(types: string[]): string {
    return this.#rolls(80) ? types[0]! : this.#dice.pick(types);
  }

  #path(path: string, parameters: readonly Parameter[]): string {
    const folder = path.split('/')[2]!;
    return path.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => {
      const { schema } = parameters.find((parameter) => parameter.in === 'path' && parameter.name === name)!;
      if (this.#rolls(8)) return this.#dice.pick(wrongIds);
      if (schema.enum) return String(this.#dice.pick(schema.enum));
      const prefix = name === 'lineId' ? 'line_' : prefixes[folder];
      return this.#known.find(prefix ?? '', this.#dice) ?? 'unknown';
    });
  }

  #query(parameters: readonly Parameter[]): string {
    const given = parameters.filter((parameter) => parameter.in === 'query' && this.#rolls(25));
    const pairs = given.map(({ name, schema }) => {
      const value = this.#rolls(12) ? this.#dice.pick(nonsense) : this.#value(schema, name);
      const cursor = name === 'cursor' ? this.#known.find('nextCursor', this.#dice) : undefined;
      const text = cursor ?? (Array.isArray(value) ? value.join(',') : String(value));
      return `${name}=${encodeURIComponent(text.replaceAll('\ud800', '\ufffd'))}`;
    });
    return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
  }

  #value(schema: Schema, name: string): unknown {
    const { $ref, allOf, anyOf, oneOf, type } = schema;
    const dice = this.#dice;
    if ($ref !== undefined) return this.#value(this.#schemas[$ref.split('/').at(-1)!]!, name);
    if (allOf) return Object.assign({}, ...allOf.map((part) => this.#value(part, name)));
    if (anyOf ?? oneOf) return this.#value(dice.pick((anyOf ?? oneOf)!), name);
    if ('const' in schema) return schema.const;
    if (schema.enum) return dice.pick(schema.enum);
    if (type === 'object') return this.#object(schema);
    if (type === 'array') return this.#array(schema, name);
    if (type === 'integer' || type === 'number') return this.#number(schema);
    if (type === 'boolean') return this.#rolls(50);
    return type === 'string' ? this.#text(schema, name) : null;
  }

  #object({ properties = {}, required = [] }: Schema): object {
    const fields = Object.entries(properties).filter(([name]) => required.includes(name) || this.#rolls(35));
    return Object.fromEntries(fields.map(([name, schema]) => [name, this.#value(schema, name)]));
  }

  #array({ items = {}, minItems = 0, maxItems = 3 }: Schema, name: string): unknown[] {
    const length = this.#dice.between(minItems, Math.max(minItems, Math.min(3, maxItems)));
    const entries = Array.from({ length }, () => this.#value(items, name));
    return this.#rolls(15) && entries.length > 1 ? entries.map(() => entries[0]) : entries;
  }

  #number({ type, minimum = 0, maximum = 1_000_000 }: Schema): number {
    const low = Math.max(minimum, -1_000_000_000);
    if (this.#rolls(20)) return this.#dice.pick([low, maximum]);
    const number = this.#dice.between(low, Math.min(maximum, low + 5));
    return type === 'number' && this.#rolls(30) ? number + 0.5 : number;
  }

  #text({ pattern, format, minLength = 0, maxLength = 200 }: Schema, name: string): string {
    const dice = this.#dice;
    const prefix = pattern === undefined ? undefined : /^\^([a-z]+_)\[0-9A-Za-z\]/.exec(pattern)?.[1];
    if (prefix !== undefined) return this.#known.find(prefix, dice) ?? `${prefix}unknown`;
    if (format === 'date-time') return dice.pick(times);
    if (format === 'uri') return dice.pick(uris);
    const shared = this.#rolls(60) ? this.#known.find(name, dice) : undefined;
    if (shared !== undefined) return shared;
    if (pattern !== undefined) return patterned.filter((text) => new RegExp(pattern).test(text))[0] ?? 'x';
    if (this.#rolls(6)) return 'y'.repeat(maxLength);
    return dice.pick(texts).padEnd(minLength, 'z').slice(0, maxLength);
  }

  /** One value somewhere in the body is another, or is missing. */
  #spoiled(body: unknown): unknown {
    if (typeof body !== 'object' || body === null || Object.keys(body).length === 0 || this.#rolls(15))
      return this.#dice.pick(nonsense);
    const [name, value] = this.#dice.pick(Object.entries(body) as [string, unknown][]);
    const copy = (Array.isArray(body) ? [...(body as unknown[])] : { ...body }) as Record<string, unknown>;
    if (typeof value === 'object' && value !== null && this.#rolls(60)) copy[name] = this.#spoiled(value);
    else if (this.#rolls(25)) Reflect.deleteProperty(copy, name);
    else copy[name] = this.#dice.pick(nonsense);
    return copy;
  }
}
