import { DomainError } from '../../domain/errors.ts';

/** Deeper and wider than any body of the API document. An object of thousands of keys costs more than its text. */
const deepest = 20;
const fieldsOfObject = 200;
const itemsOfList = 10_000;

const quote = 0x22;
const comma = 0x2c;
const backslash = 0x5c;
const opens = { object: 0x7b, list: 0x5b };
const closes = { object: 0x7d, list: 0x5d };

/**
 * Counts in the bytes of a JSON text, before it is parsed and checked: both cost much more, for each field.
 * @param values the most fields and items in all
 * @throws DomainError `payload_too_large`
 */
export function assertShape(json: Buffer, values = Infinity): void {
  /** Of each open object and list: how many more fields or items it may have. */
  const left: number[] = [];
  let count = 0;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at];
    if (byte === quote) at = endOfText(json, at);
    else if (byte === comma) {
      count += 1;
      const more = (left.pop() ?? itemsOfList) - 1;
      if (more < 1) throw tooLarge(`An object has at most ${fieldsOfObject} fields, a list ${itemsOfList} items.`);
      left.push(more);
    } else if (byte === opens.object || byte === opens.list) {
      count += 1;
      left.push(byte === opens.object ? fieldsOfObject : itemsOfList);
      if (left.length > deepest) throw tooLarge(`It is nested more than ${deepest} levels deep.`);
    } else if (byte === closes.object || byte === closes.list) left.pop();
    if (count > values) throw tooLarge(`It has more than ${values} fields and items.`);
  }
}

/** Without an end: the end of the bytes, which the parser refuses. */
function endOfText(json: Buffer, start: number): number {
  for (let at = start + 1; at < json.length; at += 1) {
    const byte = json[at];
    if (byte === backslash) at += 1;
    else if (byte === quote) return at;
  }
  return json.length;
}

const tooLarge = (why: string) =>
  new DomainError('payload_too_large', `The body is larger than this route accepts. ${why}`);
