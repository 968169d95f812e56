/*
 * A running `+` that owns what it has made: a sum of n arrays is not n copies of the first.
 */
import { spend } from '../state.ts';
import { add } from './arithmetic.ts';
import { isObject, type Json, setKey } from './json.ts';

export class Sum {
  #total: Json = null;
  /** whether `#total` is a container that this sum has made and nobody else has seen */
  #mine = false;

  add(item: Json): void {
    const total = this.#total;
    if (typeof total === 'number' && typeof item === 'number') {
      this.#total = total + item;
    } else if (this.#mine && Array.isArray(total) && Array.isArray(item)) {
      spend(item.length);
      for (const element of item) total.push(element);
    } else if (this.#mine && isObject(total) && isObject(item)) {
      for (const key of Object.keys(item)) {
        spend(1);
        setKey(total, key, item[key]!);
      }
    } else {
      this.#mine = total !== null && item !== null;
      this.#total = add(total, item);
    }
  }

  /** `before + item`, in place if `before` is what this sum gave out last. */
  onto(before: Json, item: Json): Json {
    if (before !== this.#total) {
      this.#total = before;
      this.#mine = false;
    }
    this.add(item);
    return this.#total;
  }

  get total(): Json {
    return this.#total;
  }
}
