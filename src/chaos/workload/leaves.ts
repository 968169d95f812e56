/*
 * Tasks of generated workflows that have no tasks in them: calls, events, data, decisions.
 */
import type { Elsewhere } from './elsewhere.ts';
import type { Parts } from './parts.ts';
import { type Around, type JsonObject, SERVICES, type Words } from './words.ts';

export class Leaves {
  private readonly words: Words;
  private readonly parts: Parts;
  private readonly elsewhere: Elsewhere;
  /** host functions that are called */
  private readonly called: Set<string>;

  constructor(words: Words, parts: Parts, elsewhere: Elsewhere, called: Set<string>) {
    this.words = words;
    this.parts = parts;
    this.elsewhere = elsewhere;
    this.called = called;
  }

  set(around: Around): JsonObject {
    if (this.words.chance(20)) return { set: `\${ . + { n: ${this.words.number(around)} } }` };
    if (this.words.chance(4)) return { set: `$context.x // ${this.words.number(around)}` };
    return {
      set: {
        n: this.words.chance(10) ? this.words.int(0, 50) : `\${ ${this.words.number(around)} }`,
        s: this.words.chance(15) ? '.s' : `\${ ${this.words.text(around)} }`,
        l: this.words.chance(15) ? [1, '${ .n }'] : `\${ ${this.words.numbers(around)} }`,
      },
    };
  }

  ask(around: Around): JsonObject {
    if (this.words.chance(12)) return { run: this.parts.process(around) };
    return this.call(around);
  }

  call(around: Around): JsonObject {
    if (this.words.chance(18)) return this.elsewhere.call(around);
    const call = this.words.pick(SERVICES);
    this.called.add(call);
    // The same again, turn after turn: which of them is a repetition is the engine's to know.
    if (this.words.chance(around.guarded && around.numbers.length > 0 ? 40 : 12)) {
      return { call, with: { n: this.words.int(0, 12), s: 'always the same' } };
    }
    return {
      call,
      with: {
        n: `\${ ${this.words.number(around)} }`,
        s: this.words.chance(40) ? 'fixed' : `\${ ${this.words.text(around)} }`,
        ...(this.words.chance(30) ? { l: `\${ ${this.words.numbers(around)} }` } : {}),
      },
    };
  }

  /** What a run emits is compared; its id is nobody's business, so it stays out of the data. */
  emit(around: Around): JsonObject {
    const data = {
      n: `\${ ${this.words.number(around)} }`,
      s: this.words.chance(50) ? 'told' : `\${ ${this.words.text(around)} }`,
      l: `\${ ${this.words.numbers(around)} }`,
    };
    const attributes: JsonObject = {
      type: this.words.chance(6) ? `\${ ${this.words.number(around)} }` : 'generated.told',
      ...(this.words.chance(30) ? { subject: `\${ ${this.words.text(around)} }` } : {}),
      ...(this.words.chance(30) ? { n: `\${ ${this.words.number(around)} }` } : {}),
      ...(this.words.chance(20) ? { none: '${ null }' } : {}),
      ...(this.words.chance(10) ? { time: '2026-05-04T03:02:01Z' } : {}),
      ...(this.words.chance(10)
        ? { datacontenttype: 'application/json', dataschema: 'https://library.example/told' }
        : {}),
      data,
    };
    const as = this.words.pick([
      '.data',
      '.data + { s: .type }',
      '{ n: (.data.n + 1), s: .source, l: .data.l }',
    ]);
    return { emit: { event: { with: attributes } }, output: { as } };
  }

  child(around: Around): JsonObject {
    const workflow = {
      namespace: 'generated',
      name: this.words.pick(around.children),
      version: this.words.pick(['latest', '1.0.0']),
      input: {
        n: `\${ ${this.words.number(around)} }`,
        s: `\${ ${this.words.text(around)} }`,
        l: '${ .l }',
      },
    };
    return { run: { workflow, ...(this.words.chance(20) ? { await: false } : {}) } };
  }

  invoke(around: Around): JsonObject {
    if (around.children.length > 0 && this.words.chance(60)) return this.child(around);
    if (around.functions.length === 0) return this.call(around);
    const call = this.words.pick(around.functions);
    return { call, with: { n: `\${ ${this.words.number(around)} }`, s: call, l: '${ .l }' } };
  }

  switch(around: Around): JsonObject {
    const cases: JsonObject[] = [];
    for (let i = this.words.int(1, 2); i > 0; i--) {
      cases.push({ [`case${i}`]: { when: this.words.condition(around) } });
    }
    if (this.words.chance(50)) cases.splice(this.words.int(0, cases.length), 0, { otherwise: {} });
    return { switch: cases };
  }

  /** Makes the results of strands what all tasks expect, most of the time. */
  tidied(): JsonObject {
    const number = '(.n? // 0 | tonumber? // 0)';
    const tidy = `{ n: (((map(${number}) | add) // 0) % 997), s: (map(.s? // "-") | join("/"))[0:30], l: map(${number})[-4:] }`;
    return this.words.chance(6) ? {} : { output: { as: tidy } };
  }
}
