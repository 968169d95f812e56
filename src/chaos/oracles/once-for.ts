/*
 * What is worked out of a history once, however many oracles ask, and lives as long as that does.
 *
 * It stands at the object itself, out of sight. In a WeakMap of the module it would outlive its world: small
 * collections of garbage keep what old maps hold, though nobody has its key any more.
 */

/** `make`, asked once for each object; the object must take a property. */
export function onceFor<K extends object, V>(make: (from: K) => V): (from: K) => V {
  const made = Symbol('made');
  return (from: K & { readonly [made]?: V }) => {
    if (Object.hasOwn(from, made)) return from[made]!;
    const value = make(from);
    Object.defineProperty(from, made, { value });
    return value;
  };
}
