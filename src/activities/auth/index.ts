/*
 * How a call authenticates itself, from the policy in its arguments: { scheme: fields }, complete.
 *
 * A1. What a scheme needs and the policy does not have is a configuration error that names the field.
 * A2. What is obtained or derived from a secret is a secret: it goes into the mask.
 */
import type { Json, JsonObject } from '../../wire/index.ts';
import { refuse } from '../errors.ts';
import type { Mask } from '../mask.ts';

/** What a call is authenticated with. */
export interface Authorization {
  /** Basic, Bearer, Digest */
  readonly scheme: string;
  /** what follows the scheme in the header; null where it depends on what the service asks */
  readonly parameter: string | null;
}

/** The fields of a policy; A1. */
export class Fields {
  readonly scheme: string;
  readonly values: JsonObject;

  constructor(scheme: string, values: Json) {
    this.scheme = scheme;
    if (typeof values !== 'object' || values === null || Array.isArray(values)) {
      throw refuse('configuration', `the ${scheme} authentication is no object of fields`);
    }
    this.values = values as JsonObject;
  }

  /** A text; numbers and the like as they are written. */
  optional(name: string): string | undefined {
    const value = Object.hasOwn(this.values, name) ? this.values[name] : undefined;
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'object') {
      throw refuse('configuration', `${name} of the ${this.scheme} authentication is no text`);
    }
    return String(value);
  }

  text(name: string): string {
    const value = this.optional(name);
    if (value !== undefined) return value;
    throw refuse('configuration', `the ${this.scheme} authentication has no ${name}`);
  }
}

/** Resolves the policy of a call. */
export async function authorizationOf(policy: JsonObject, mask: Mask): Promise<Authorization> {
  const [[scheme, given] = ['', null]] = Object.entries(policy);
  switch (scheme) {
    case 'basic': {
      const fields = new Fields(scheme, given);
      const username = fields.text('username');
      const password = fields.text('password');
      if (username.includes(':')) {
        throw refuse('configuration', 'a username of basic authentication has no colon');
      }
      const parameter = Buffer.from(`${username}:${password}`).toString('base64');
      return derived({ scheme: 'Basic', parameter }, mask, username, password);
    }
    case 'bearer': {
      // a secret that is a text is the token
      const token = typeof given === 'string' ? given : new Fields(scheme, given).text('token');
      return derived({ scheme: 'Bearer', parameter: token }, mask, token);
    }
    default:
      throw refuse('configuration', `this build does not know ${scheme} authentication`);
  }
}

/** A2 */
function derived(one: Authorization, mask: Mask, ...from: readonly string[]): Authorization {
  if (one.parameter !== null && from.some((part) => mask.touches(part))) mask.add(one.parameter);
  return one;
}
