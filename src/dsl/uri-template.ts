/*
 * URI templates, as far as the DSL has them: RFC 6570 simple expansion, `{name}` alone.
 *
 * U1. A name is the name of a property of the input, verbatim: `{pet.id}` means the key "pet.id".
 * U2. What is missing or null expands to nothing; what is no plain value is refused.
 * U3. Everything but unreserved characters is percent-encoded, so a value never adds to the structure
 *     of the URI.
 */
import type { Json, JsonObject } from '../wire/json.ts';

const VARIABLE = /\{([^{}]*)\}/g;

/** True when expansion would change something. */
export function isTemplate(text: string): boolean {
  return text.search(VARIABLE) >= 0;
}

/** The URI; throws RangeError with a sentence for people when a value cannot stand in one. */
export function expandTemplate(template: string, input: Json): string {
  return template.replaceAll(VARIABLE, (_whole, name: string) => {
    const value = property(input, name);
    if (value === undefined || value === null) return '';
    if (typeof value === 'object') {
      const what = Array.isArray(value) ? 'an array' : 'an object';
      throw new RangeError(`{${name}} is ${what}; a URI takes texts, numbers, true and false`);
    }
    return percentEncoded(String(value));
  });
}

function property(input: Json, name: string): Json | undefined {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) return undefined;
  return Object.hasOwn(input, name) ? (input as JsonObject)[name] : undefined;
}

export function percentEncoded(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
