/*
 * Secrets: values that workflows may use and that nothing may keep. Asked at every call of an activity
 * that reads one, so that a secret that was changed is in force at the next call.
 */
import type { Json } from '../wire/json.ts';

export interface Secrets {
  /**
   * The value of the secret: a text, or an object of fields. Undefined when there is none of that name.
   * Rejects with an Error whose message says why it cannot be had, and never what it is.
   */
  get(name: string): PromiseLike<Json | undefined>;
}
