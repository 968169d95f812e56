/*
 * The values of the language: parsed JSON and nothing else.
 *
 * I1. No function of this folder changes a value it was given; results may share structure with inputs.
 * I2. An object is only read through own properties and only written through `setKey`, so `__proto__`,
 *     `constructor` and `toString` are keys like all others.
 */
export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [key: string]: Json;
}

export type Kind = 'null' | 'boolean' | 'number' | 'string' | 'array' | 'object';

/** jq's name of the type of a value. */
export function kindOf(value: Json): Kind {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    default:
      return Array.isArray(value) ? 'array' : 'object';
  }
}

export function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What `if`, `and`, `or`, `not`, `//` and `select` take for true: everything but null and false. */
export function isTruthy(value: Json): boolean {
  return value !== null && value !== false;
}

export function hasKey(object: JsonObject, key: string): boolean {
  return Object.hasOwn(object, key);
}

export function getKey(object: JsonObject, key: string): Json {
  // A key that no prototype can answer for is read directly: that is nearly all of them.
  const value = object[key];
  if (value === undefined) return null;
  if (typeof value !== 'function' && key !== '__proto__') return value;
  return Object.hasOwn(object, key) ? (object[key] as Json) : null;
}

/** Writes to an object that the caller has just made and nobody else has seen. */
export function setKey(fresh: JsonObject, key: string, value: Json): void {
  if (key === '__proto__') {
    Object.defineProperty(fresh, key, {
      value,
      writable: true,
      enumerable: true,
      configurable: true,
    });
  } else {
    fresh[key] = value;
  }
}

/** A shallow copy. Spread copies own properties as own properties, `__proto__` included. */
export function copyObject(object: JsonObject): JsonObject {
  return { ...object };
}
