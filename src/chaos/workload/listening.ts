/*
 * Tasks of generated workflows that listen: filters, correlations and strategies over events from outside.
 * Expressions of a filter read nothing that changes while the task listens.
 */
import type { Json } from '../../wire/json.ts';
import type { Parts } from './parts.ts';
import { type Around, type JsonObject, OUTSIDE, type Words } from './words.ts';

export class Listening {
  private readonly words: Words;
  /** nothing but events from outside may be met */
  private readonly alone: boolean;

  constructor(words: Words, alone: boolean) {
    this.words = words;
    this.alone = alone;
  }

  /** What it has heard has the shape of all data, most of the time; it gives up after a time. */
  task(
    around: Around,
    tidied: () => JsonObject,
    parts: Parts,
    list: (inside: Around) => JsonObject[],
  ): JsonObject {
    const { words } = this;
    const read = words.pick(['data', 'data', 'raw', 'envelope']);
    const task: JsonObject = {
      listen: { to: this.strategy(around), ...(words.chance(50) ? { read } : {}) },
      ...tidied(),
    };
    if (!words.taste.exact || words.chance(90)) {
      const milliseconds = words.pick([300, 2_000, 9_000, 40_000]) + words.int(0, 99);
      task['timeout'] = { after: { milliseconds } };
    }
    if (!words.chance(45)) return task;
    const item = words.pick(['item', 'event']);
    const at = words.pick(['index', 'nth']);
    const number = `${item}${read === 'envelope' ? '.data' : ''}.n`;
    const inside: Around = {
      ...around,
      numbers: [...around.numbers, number, at],
      depth: around.depth + 1,
      saga: false,
      plain: true,
    };
    const foreach: JsonObject = {
      ...(item === 'item' ? {} : { item }),
      ...(at === 'index' ? {} : { at }),
    };
    if (words.chance(75)) foreach['do'] = list(inside);
    if (words.chance(30)) foreach['output'] = { as: '{ n: (.n? // 4), s: "each", l: [] }' };
    if (words.chance(30)) foreach['export'] = parts.export(inside);
    return { ...task, foreach };
  }

  private strategy(around: Around): JsonObject {
    const { words } = this;
    const filter = (): JsonObject => this.filter(around);
    const filters = (min: number, max: number): JsonObject[] =>
      Array.from({ length: words.int(min, max) }, filter);
    const mode = words.int(0, 9);
    if (mode < 3) return { one: filter() };
    if (mode < 5) return { all: words.chance(4) ? [] : filters(1, 3) };
    const any = this.alone && words.chance(50) ? [] : filters(1, 2);
    if (words.chance(35)) return { any };
    const until: Json = words.pick<() => Json>([
      () => `(. | length) >= ${words.int(1, 3)}`,
      () => `map(.n? // 1) | add > ${words.int(1, 20)}`,
      () => '$context.x and (. | length) > 1 or (. | length) > 3',
      () => ({ one: filter() }),
      () => ({ all: filters(1, 2) }),
      () => ({ any: filters(1, 2) }),
    ])();
    return { any, until };
  }

  private filter(around: Around): JsonObject {
    const { words } = this;
    const number = words.pick(['$input.n? // 3', '3', ...around.numbers.map((name) => `$${name}`)]);
    const attributes: JsonObject = {
      type: words.pick([
        ...OUTSIDE,
        ...OUTSIDE,
        'outside.[ab]',
        '${ endswith("b") or . == "outside.c" }',
      ]),
    };
    if (words.chance(20)) attributes['room'] = words.int(1, 2);
    if (words.chance(10)) attributes['source'] = 'urn:outside';
    if (words.chance(30)) {
      attributes['data'] = words.pick<Json>([
        `\${ .n > (${number}) % 7 }`,
        { n: `\${ . < 5 + (${number}) }` },
        { s: 'a|n.*', l: `\${ length > 0 }` },
        { n: 2 },
      ]);
    }
    if (!words.chance(30)) return { with: attributes };
    const room: JsonObject = {
      from: words.pick(['.room', '.data.n % 3', '${ .room }', '.data.s']),
    };
    if (words.chance(35)) room['expect'] = words.pick(['2', `\${ (${number}) % 3 }`, 'a']);
    const second = words.chance(25) ? { who: { from: '.data.s' } } : {};
    return { with: attributes, correlate: { room, ...second } };
  }
}
