/*
 * Interning: equal values get one number, so that a state of the model is a handful of numbers and two
 * states are equal exactly when their numbers are.
 */
export class Interned<T> {
  readonly #ids = new Map<string, number>();
  /** the values themselves, found without making a key */
  readonly #known = new Map<T, number>();
  readonly #values: T[] = [];
  readonly #keyOf: (value: T) => string;

  /** `keyOf` must tell any two different values apart. */
  constructor(keyOf: (value: T) => string) {
    this.#keyOf = keyOf;
  }

  id(value: T): number {
    const known = this.#known.get(value);
    if (known !== undefined) return known;
    const key = this.#keyOf(value);
    let id = this.#ids.get(key);
    if (id === undefined) {
      id = this.#values.length;
      this.#ids.set(key, id);
      this.#values.push(value);
      this.#known.set(value, id);
    }
    return id;
  }

  get(id: number): T {
    return this.#values[id] as T;
  }
}
