/*
 * What a campaign has not exercised (O28): faults that it could draw and that never struck, gestures that
 * never came to their end, oracles that never had anything to judge. Such a campaign proves less than it
 * seems to; a nightly one fails for it, a short one says so.
 */
import type { Cell } from './catalogue.ts';
import type { Coverage } from './coverage.ts';
import { RECIPES } from './gestures.ts';
import type { Profile } from './profile.ts';

export interface Unexercised {
  /** kinds of faults that never struck anywhere */
  readonly kinds: readonly string[];
  /** `kind @ point` that never struck, of kinds that did elsewhere */
  readonly cells: readonly string[];
  readonly gestures: readonly string[];
  readonly oracles: readonly string[];
}

/** `listens`: whether faults of events could strike. */
export function unexercised(
  profiles: readonly Profile[],
  coverage: Coverage,
  checked: Readonly<Record<string, number>>,
  listens = false,
): Unexercised {
  const struck = new Set<string>();
  for (const name of coverage.cells.keys()) {
    const [kind = '', point = ''] = name.split(' @ ');
    struck.add(`${kind} @ ${point}`).add(kind);
  }
  const possible = profiles
    .flatMap(({ cells }) => cells)
    .filter(({ events }) => listens || events !== true);
  const kinds = missing(possible, ({ action }) => action, struck);
  const cells = missing(possible, ({ action, point }) => `${action} @ ${point}`, struck);
  const recipes = [...new Set(profiles.flatMap(({ gestures }) => gestures))]
    .map((index) => RECIPES[index]!)
    .filter(({ events }) => listens || events !== true);
  return {
    kinds,
    cells: cells.filter((cell) => !kinds.includes(cell.slice(0, cell.indexOf(' @ ')))),
    gestures: recipes
      .map(({ name }) => name)
      .filter((name) => (coverage.gestures.get(name) ?? 0) === 0),
    oracles: Object.keys(checked).filter((name) => checked[name] === 0),
  };
}

function missing(
  cells: readonly Cell[],
  nameOf: (cell: Cell) => string,
  struck: ReadonlySet<string>,
): readonly string[] {
  return [...new Set(cells.map(nameOf))].filter((name) => !struck.has(name));
}
