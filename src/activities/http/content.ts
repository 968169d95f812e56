/*
 * What an answer says, by its content type: JSON as the value, texts as text, everything else as base64.
 *
 * D1. Exact or refused: numbers that would be rounded, characters that are none, levels that no State
 *     could carry. `output: raw` takes any answer.
 * D2. An empty answer is null, whatever its type, and an empty text for types of text.
 */
import { type Json, JsonError, parseJson, pointerStep } from '../../wire/index.ts';
import { refuse } from '../errors.ts';
import { RESULT_DEPTH_MAX } from '../limits.ts';

export interface ContentType {
  /** lower-case, without parameters; '' when the service does not say */
  readonly type: string;
  readonly charset: string | undefined;
}

export function contentType(header: string | null): ContentType {
  const [type = '', ...parameters] = (header ?? '').split(';').map((part) => part.trim());
  const charset = parameters
    .map((part) => /^charset\s*=\s*"?([^"]+)"?$/i.exec(part)?.[1])
    .find((found) => found !== undefined);
  return { type: type.toLowerCase(), charset };
}

export function isJson({ type }: ContentType): boolean {
  return /^(?:application|text)\/json$|\+json$/.test(type);
}

function isText({ type }: ContentType): boolean {
  return (
    type.startsWith('text/') ||
    /\+(?:xml|yaml)$/.test(type) ||
    /^application\/(?:xml|yaml|x-yaml|javascript|ecmascript|x-ndjson|jsonl|graphql|sql|x-www-form-urlencoded|x-sh)$/.test(
      type,
    )
  );
}

/** The value of an answer's body. Throws a communication error for what is not what it says it is. */
export function decoded(bytes: Buffer, header: string | null): Json {
  const type = contentType(header);
  if (isJson(type)) return bytes.length === 0 ? null : json(text(bytes, type), type);
  if (isText(type)) return text(bytes, type);
  if (bytes.length === 0) return null;
  // A service that does not say what it sends mostly sends text.
  if (type.type === '') return utf8(bytes) ?? bytes.toString('base64');
  return bytes.toString('base64');
}

function json(source: string, { type }: ContentType): Json {
  try {
    return plain(parseJson(source), '', 0);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw refuse('communication', `the answer says it is ${type}, but ${error.message}`);
  }
}

function text(bytes: Buffer, { type, charset = 'utf-8' }: ContentType): string {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch {
    const what = `the answer says it is ${type} in ${charset}`;
    throw refuse('communication', `${what}, but cannot be read so; take it with output: raw`);
  }
}

function utf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** D1, for what JSON can say and a State cannot hold. */
function plain(value: Json, pointer: string, depth: number): Json {
  if (typeof value === 'string') {
    if (value.isWellFormed()) return value;
    throw new JsonError(`${at(pointer)} it has a lone surrogate`, pointer);
  }
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= RESULT_DEPTH_MAX) {
    throw new JsonError(`it is nested deeper than ${RESULT_DEPTH_MAX} levels`, pointer);
  }
  for (const [key, member] of Object.entries(value)) {
    if (!key.isWellFormed()) throw new JsonError(`${at(pointer)} a key is no text`, pointer);
    plain(member as Json, `${pointer}/${pointerStep(key)}`, depth + 1);
  }
  return value;
}

function at(pointer: string): string {
  return pointer === '' ? '' : `at ${pointer}`;
}
