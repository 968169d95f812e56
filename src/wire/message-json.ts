/*
 * Messages <-> protobuf JSON, by the table of fields that is generated from proto/.
 *
 * J1 a field whose name ends in `Json` holds JSON text: it is shown as the value itself, with the
 *    text as it stands, so that nothing is lost and a person can edit it
 * J2 64-bit integers are numbers (they are below 2^53), and the Definition hash is hex
 * J3 reading is strict: a person's slip is reported with its place, never coerced
 */
import { ENUMS, MESSAGES } from './generated/fields.ts';
import type { Json } from './json.ts';
import { jsonText } from './json-text.ts';
import { integer, present, uint32 } from './fields.ts';
import { WireError } from './wire-error.ts';

export type MessageName = keyof typeof MESSAGES;
type Fields = { readonly [name: string]: unknown };

const FIELD = /^(?:(optional|repeated) )?(?:map<(\w+), (\w+)>|(\w+))$/;

interface FieldType {
  readonly label: 'optional' | 'repeated' | 'map' | 'plain';
  readonly type: string;
  readonly json: boolean;
}

const TABLE = new Map<string, ReadonlyMap<string, FieldType>>(
  Object.entries(MESSAGES).map(([name, fields]) => [
    name,
    new Map(Object.entries<string>(fields).map(([field, type]) => [field, fieldType(field, type)])),
  ]),
);

function fieldType(field: string, declared: string): FieldType {
  const [, label, key, value, type] = FIELD.exec(declared) ?? [];
  const kind = key === undefined ? ((label as FieldType['label'] | undefined) ?? 'plain') : 'map';
  return { label: kind, type: value ?? type ?? '', json: field.endsWith('Json') };
}

function fieldsOf(name: string): ReadonlyMap<string, FieldType> {
  return TABLE.get(name) as ReadonlyMap<string, FieldType>;
}

/** The JSON text of a message; `instead` has the texts of fields that are shown in their own way. */
export function messageToJson(
  name: MessageName,
  message: object,
  instead: { readonly [field: string]: string } = {},
): string {
  const members: string[] = [];
  for (const [field, type] of fieldsOf(name)) {
    const text = instead[field] ?? fieldToJson((message as Fields)[field], type);
    if (text !== undefined) members.push(`${JSON.stringify(field)}:${text}`);
  }
  return `{${members.join(',')}}`;
}

/** Undefined for what protobuf JSON leaves out: absent fields, and defaults that need no presence. */
function fieldToJson(value: unknown, type: FieldType): string | undefined {
  if (!present(value)) return undefined;
  if (type.label === 'repeated') {
    const items = (value as readonly unknown[]).map((item) => valueToJson(item, type));
    return items.length === 0 ? undefined : `[${items.join(',')}]`;
  }
  if (type.label === 'map') {
    const entries = Object.entries(value as Fields).map(
      ([key, item]) => `${JSON.stringify(key)}:${valueToJson(item, type)}`,
    );
    return entries.length === 0 ? undefined : `{${entries.join(',')}}`;
  }
  const isDefault = value === 0 || value === '' || value === false;
  return isDefault && type.label === 'plain' ? undefined : valueToJson(value, type);
}

function valueToJson(value: unknown, { type, json }: FieldType): string {
  if (TABLE.has(type)) return messageToJson(type as MessageName, value as object);
  if (json) return value as string;
  if (type === 'bytes') return JSON.stringify(Buffer.from(value as Uint8Array).toString('hex'));
  if (type in ENUMS) return JSON.stringify(nameOf(type as keyof typeof ENUMS, value as number));
  return JSON.stringify(value);
}

function nameOf(type: keyof typeof ENUMS, value: number): string {
  const found = Object.entries<number>(ENUMS[type]).find(([, number]) => number === value);
  if (found === undefined) throw new WireError(`${type} has no value ${value}`);
  return found[0];
}

/** The message that a JSON value stands for. `read` has the readers of fields shown in their own way. */
export function messageFromJson(
  name: MessageName,
  value: Json | undefined,
  at: string,
  read: { readonly [field: string]: (value: Json, at: string) => unknown } = {},
): Record<string, unknown> {
  const known = fieldsOf(name);
  const message: Record<string, unknown> = {};
  for (const [field, member] of Object.entries(objectAt(value, at))) {
    const type = known.get(field);
    const place = `${at}/${field}`;
    if (type === undefined) throw wrong(place, `${name} has no such member`);
    message[field] = read[field]?.(member, place) ?? fieldFromJson(member, type, place);
  }
  return message;
}

export function objectAt(value: Json | undefined, at: string): { readonly [key: string]: Json } {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as { readonly [key: string]: Json };
  }
  throw wrong(at, 'an object is expected');
}

function fieldFromJson(value: Json, type: FieldType, at: string): unknown {
  if (type.label === 'repeated') {
    if (!Array.isArray(value)) throw wrong(at, 'a list is expected');
    return value.map((item: Json, index) => valueFromJson(item, type, `${at}/${index}`));
  }
  if (type.label === 'map') {
    const entries = Object.entries(objectAt(value, at));
    return Object.fromEntries(
      entries.map(([key, item]) => [key, valueFromJson(item, type, `${at}/${key}`)]),
    );
  }
  return valueFromJson(value, type, at);
}

function valueFromJson(value: Json, { type, json }: FieldType, at: string): unknown {
  if (TABLE.has(type)) return messageFromJson(type as MessageName, value, at);
  if (json) return jsonText(value, at);
  switch (type) {
    case 'string':
      if (typeof value === 'string') return value;
      throw wrong(at, 'a text is expected');
    case 'bool':
      if (typeof value === 'boolean') return value;
      throw wrong(at, 'true or false is expected');
    case 'uint32':
      if (typeof value === 'number') return uint32(value, at);
      throw wrong(at, 'a number is expected');
    case 'int32':
    case 'int64':
      if (typeof value === 'number') return integer(value, at);
      throw wrong(at, 'a number is expected');
    case 'bytes':
      if (typeof value === 'string' && /^(?:[0-9a-f]{2})*$/.test(value)) {
        return Buffer.from(value, 'hex');
      }
      throw wrong(at, 'lower-case hex is expected');
    default: {
      const values: { readonly [name: string]: number } = ENUMS[type as keyof typeof ENUMS];
      if (typeof value === 'string' && Object.hasOwn(values, value)) return values[value];
      throw wrong(at, `one of ${Object.keys(values).join(', ')} is expected`);
    }
  }
}

function wrong(at: string, expected: string): WireError {
  return new WireError(`${at === '' ? 'the text' : at}: ${expected}`);
}
