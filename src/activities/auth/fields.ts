/*
 * The fields of an authentication policy: what a scheme needs and the policy does not have is a
 * configuration error that names the field. Values are never told.
 */
import type { Json, JsonObject } from '../../wire/index.ts';
import { refuse } from '../errors.ts';

export class Fields {
  /** `oauth2`, `oauth2.client` */
  private readonly what: string;
  private readonly values: JsonObject;

  constructor(what: string, values: Json) {
    this.what = what;
    if (typeof values !== 'object' || values === null || Array.isArray(values)) {
      throw refuse('configuration', `${what} of the authentication is no object of fields`);
    }
    this.values = values as JsonObject;
  }

  private raw(name: string): Json | undefined {
    const value = Object.hasOwn(this.values, name) ? this.values[name] : undefined;
    return value === null ? undefined : value;
  }

  /** A text; numbers and the like as they are written. */
  optional(name: string): string | undefined {
    const value = this.raw(name);
    if (value === undefined) return undefined;
    if (typeof value === 'object') {
      throw refuse('configuration', `${this.what}.${name} of the authentication is no text`);
    }
    return String(value);
  }

  text(name: string): string {
    const value = this.optional(name);
    if (value !== undefined) return value;
    throw refuse('configuration', `the authentication has no ${this.what}.${name}`);
  }

  /** A list of texts; one text is a list as well. */
  list(name: string): readonly string[] {
    const value = this.raw(name);
    if (value === undefined) return [];
    if (typeof value === 'string') return [value];
    if (Array.isArray(value) && value.every((one) => typeof one === 'string')) return value;
    throw refuse('configuration', `${this.what}.${name} of the authentication is no list of texts`);
  }

  /** Empty where the policy does not have it. */
  object(name: string): Fields {
    return new Fields(`${this.what}.${name}`, this.raw(name) ?? {});
  }
}
