/*
 * The author of generated workflows: draws tasks, and expressions that mean something where they stand.
 *
 * The data of a generated workflow has one shape, { n: number, s: text, l: numbers }, that most tasks
 * keep and a few break on purpose: errors of expressions are part of the language. Numbers, texts and
 * lists stay small whatever loops do.
 *
 * Every run ends: loops are over short lists, jumps back are counted in $context under a key that no
 * export drops, and unlimited retries stand under a limit of time.
 */
import type { Json } from '../../wire/json.ts';

type JsonObject = { [key: string]: Json };
/** A whole number between the two, both included. */
export type Draw = (min: number, max: number) => number;

export interface Taste {
  /**
   * nothing is left to chance: no jitter between two different bounds, and nothing that takes no time
   * at all, so that the order of events follows from the document
   */
  readonly exact: boolean;
  /** waits and delays above 30 s, which park */
  readonly long: boolean;
  readonly depth: number;
  /** tasks of one document, roughly */
  readonly tasks: number;
}

/** What can be said where a task stands. */
interface Around {
  readonly depth: number;
  /** variables that are numbers, and those that are errors */
  readonly numbers: readonly string[];
  readonly errors: readonly string[];
  /** functions of `use` that may be called */
  readonly functions: readonly string[];
  /** some try around may catch what is raised here */
  readonly guarded: boolean;
}

interface Named {
  readonly name: string;
  readonly task: JsonObject;
}

const SERVICES = ['alpha', 'beta', 'gamma', 'delta', 'omega'] as const;
const ERRORS = 'https://open-workflow-specification.org/spec/1.0.0/errors/';
const OLD_ERRORS = 'https://serverlessworkflow.io/spec/1.0.0/errors/';
const CUSTOM = 'https://example.com/errors/odd';
/** Keys of $context that count jumps back begin so. */
const KEEP = 'with_entries(select(.key | startswith("turns")))';

export class Author {
  readonly #draw: Draw;
  readonly #taste: Taste;
  /** services that the document calls */
  readonly called = new Set<string>();
  #left: number;
  #names = 0;

  constructor(draw: Draw, taste: Taste) {
    this.#draw = draw;
    this.#taste = taste;
    this.#left = taste.tasks;
  }

  /** A whole document. */
  document(name: string): Json {
    const functions: JsonObject = {};
    const around: Around = { depth: 1, numbers: [], errors: [], functions: [], guarded: false };
    for (const fn of ['twice', 'tidy'].slice(0, this.#int(0, 2))) {
      functions[fn] = this.#single({ ...around, functions: Object.keys(functions) }).task;
    }
    const body = this.#list({ ...around, functions: Object.keys(functions) }, 3, 8);
    const document: JsonObject = {
      document: { dsl: '1.0.3', namespace: 'generated', name, version: '1.0.0' },
      use: {
        errors: { odd: this.#error(around), busy: { type: `${ERRORS}communication`, status: 503 } },
        retries: { again: this.#policy({ ...around, errors: ['error'] }) },
        timeouts: { soon: { after: this.#limit() } },
        ...(Object.keys(functions).length === 0 ? {} : { functions }),
      },
      do: body,
    };
    if (this.#chance(15))
      document['input'] = {
        ...this.#input(around),
        from: this.#pick(['.', '. + { n: (.n + 1) }', '{ n, s, l: (.l[0:2]) }']),
      };
    if (this.#chance(70)) {
      document['output'] = { as: this.#pick(['{ data: ., context: $context }', '{ d: . }']) };
    }
    if (this.#chance(8)) {
      document['timeout'] = this.#chance(30) ? 'soon' : { after: { seconds: this.#int(2, 90) } };
    }
    return document;
  }

  service(): Json {
    const from = this.#pick([1, 5, 40, 200]);
    const failures: JsonObject[] = [];
    // Requests may be anything; a model of a service must not fail itself.
    const safe = '.request | (.n? | if type == "number" then floor else 1 end) as $n | ';
    const n = `${safe}($n % `;
    if (this.#chance(55)) {
      failures.push({
        name: 'at first',
        when: `${n}${this.#int(3, 7)}) == ${this.#int(0, 2)}`,
        first: this.#int(1, 3),
        applied: this.#chance(20),
        error: { type: 'communication', status: 503, title: 'Busy' },
      });
    }
    if (this.#chance(30)) {
      failures.push({
        name: 'never',
        when: `${n}${this.#int(4, 9)}) == 3`,
        error: { type: this.#pick([CUSTOM, 'authorization']), status: this.#pick([403, 422]) },
      });
    }
    return {
      latency: { uniform: [from, from + this.#pick([3, 50, 700, 4000])] },
      answer: this.#pick([
        `${safe}{ n: ($n + 1) % 83, s: "b", l: [$n, 4] }`,
        `${safe}{ n: ($n + 3) % 97, s: "\\(.s? // "a")!"[0:12], l: [$n] }`,
        `${safe}{ n: ($n * 2) % 89, s: "served", l: [$n, 7] }`,
        '{ n: (.request | length), s: "counted", l: [1, 2] }',
        this.#chance(20) ? '.request.n? // 5' : '.request | . + { n: 11, s: "kept", l: [5] }',
      ]),
      ...(failures.length === 0 ? {} : { failures }),
    };
  }

  // -- drawing -------------------------------------------------------------------------------------

  #int(min: number, max: number): number {
    return this.#draw(min, max);
  }

  /** True in so many of a hundred cases; false when it is shrunk. */
  #chance(percent: number): boolean {
    return this.#int(0, 99) >= 100 - percent;
  }

  #pick<T>(choices: readonly T[]): T {
    return choices[this.#int(0, choices.length - 1)] as T;
  }

  // -- lists and tasks -----------------------------------------------------------------------------

  #list(around: Around, min: number, max: number): JsonObject[] {
    const tasks: Named[] = [];
    const count = this.#int(min, max);
    for (let i = 0; i < count && (i < min || this.#left > 0); i++) tasks.push(this.#task(around));
    if (this.#chance(12))
      tasks.splice(this.#int(0, tasks.length - 1), 0, this.#again(around, tasks));
    tasks.forEach(({ task }, index) => this.#direct(task, tasks.slice(index + 1)));
    return tasks.map(({ name, task }) => ({ [name]: task }));
  }

  /** A jump back to some task of the list, at most twice. */
  #again(around: Around, tasks: readonly Named[]): Named {
    const key = `turns${++this.#names}`;
    const back = this.#int(0, tasks.length - 1);
    return {
      name: `again${this.#names}`,
      task: {
        switch: [
          {
            more: {
              when: `($context.${key} // 0) < ${this.#int(1, 2)}${this.#chance(40) ? ` and (${this.#number(around)} != 3)` : ''}`,
              then: tasks[back]!.name,
            },
          },
          ...(this.#chance(50) ? [{ enough: { then: 'continue' } }] : []),
        ],
        export: { as: `$context + { ${key}: (($context.${key} // 0) + 1) }` },
      },
    };
  }

  /** Where the task leads: seldom anywhere but on. */
  #direct(task: JsonObject, later: readonly Named[]): void {
    const to = (): string =>
      later.length > 0 && this.#chance(55)
        ? this.#pick(later).name
        : this.#pick(['continue', 'exit', 'exit', 'end']);
    if (task['switch'] !== undefined) {
      for (const item of task['switch'] as JsonObject[]) {
        for (const one of Object.values(item) as JsonObject[]) one['then'] ??= to();
      }
    }
    if (task['catch'] !== undefined && this.#chance(15))
      (task['catch'] as JsonObject)['then'] = to();
    if (this.#chance(5)) task['then'] = to();
  }

  /** A task that stands alone: there is nothing to jump to. */
  #single(around: Around): Named {
    const single = this.#task(around);
    this.#direct(single.task, []);
    return single;
  }

  #task(around: Around): Named {
    this.#left--;
    const number = ++this.#names;
    const name = this.#chance(3) ? `odd/${number}~ %` : `t${number}`;
    const task = this.#kind(around);
    if (this.#chance(12)) task['if'] ??= this.#condition(around);
    if (this.#chance(12)) task['input'] = this.#input(around);
    if (task['output'] === undefined && this.#chance(14)) task['output'] = this.#output(around);
    if (this.#chance(16)) task['export'] ??= this.#export(around);
    if (this.#chance(around.guarded ? 10 : 5)) this.#hurry(task);
    return { name, task };
  }

  /** A timeout; now and then what is inside has the same one, and both strike at once. */
  #hurry(task: JsonObject): void {
    const timeout: Json = this.#chance(45) ? 'soon' : { after: this.#limit() };
    task['timeout'] = timeout;
    const [first] = (task['do'] ?? task['try'] ?? []) as JsonObject[];
    if (first === undefined || !this.#chance(40)) return;
    for (const inner of Object.values(first) as JsonObject[]) inner['timeout'] = timeout;
  }

  #kind(around: Around): JsonObject {
    const { depth } = around;
    const deeper = depth < this.#taste.depth && this.#left > 0 && !this.#chance(15 * (depth - 1));
    const kind = this.#int(0, deeper ? 99 : 62);
    if (kind < 13) return this.#set(around);
    if (kind < 38) {
      // Most of what may fail stands in a try, or few runs would get far.
      if (around.guarded || !deeper || this.#chance(20)) return this.#call(around);
      return this.#try({ ...around, depth: around.depth + 1 });
    }
    if (kind < 46) return { wait: this.#wait(around) };
    if (kind < 54) return this.#switch(around);
    if (kind < 57) {
      const raise = { error: this.#chance(30) ? 'odd' : this.#error(around) };
      return around.guarded ? { raise } : { if: this.#number(around) + ' % 7 == 3', raise };
    }
    if (kind < 63) return this.#invoke(around);
    const inside = { ...around, depth: around.depth + 1 };
    if (kind < 70) return { do: this.#list(inside, 1, 4) };
    if (kind < 80) return this.#for(inside);
    if (kind < 91) return this.#try(inside);
    return this.#fork(inside);
  }

  #set(around: Around): JsonObject {
    if (this.#chance(20)) return { set: `\${ . + { n: ${this.#number(around)} } }` };
    if (this.#chance(4)) return { set: `$context.x // ${this.#number(around)}` };
    return {
      set: {
        n: this.#chance(10) ? this.#int(0, 50) : `\${ ${this.#number(around)} }`,
        s: this.#chance(15) ? '.s' : `\${ ${this.#text(around)} }`,
        l: this.#chance(15) ? [1, '${ .n }'] : `\${ ${this.#numbers(around)} }`,
      },
    };
  }

  #call(around: Around): JsonObject {
    const call = this.#pick(SERVICES);
    this.called.add(call);
    // The same again, turn after turn: which of them is a repetition is the engine's to know.
    if (this.#chance(around.guarded && around.numbers.length > 0 ? 40 : 12)) {
      return { call, with: { n: this.#int(0, 12), s: 'always the same' } };
    }
    return {
      call,
      with: {
        n: `\${ ${this.#number(around)} }`,
        s: this.#chance(40) ? 'fixed' : `\${ ${this.#text(around)} }`,
        ...(this.#chance(30) ? { l: `\${ ${this.#numbers(around)} }` } : {}),
      },
    };
  }

  #invoke(around: Around): JsonObject {
    if (around.functions.length === 0) return this.#call(around);
    const call = this.#pick(around.functions);
    return { call, with: { n: `\${ ${this.#number(around)} }`, s: call, l: '${ .l }' } };
  }

  #switch(around: Around): JsonObject {
    const cases: JsonObject[] = [];
    for (let i = this.#int(1, 2); i > 0; i--) {
      cases.push({ [`case${i}`]: { when: this.#condition(around) } });
    }
    if (this.#chance(50)) cases.splice(this.#int(0, cases.length), 0, { otherwise: {} });
    return { switch: cases };
  }

  #for(around: Around): JsonObject {
    const each = this.#pick(['item', 'x', 'y']);
    const at = this.#chance(30) ? 'place' : 'index';
    const objects = this.#chance(12);
    const outer = around.numbers.slice(-2).map((name) => `[$${name}, .n]`);
    const inside = {
      ...around,
      numbers: [...around.numbers, objects ? `${each}.v` : each, at],
    };
    return {
      for: {
        in: objects
          ? [{ v: 1 }, { v: `\${ ${this.#number(around)} }` }]
          : this.#pick([
              ...outer,
              '.l[0:3]',
              '[1, 2]',
              '[range(.n % 4)]',
              '${ [.n, $context.x // 3] }',
              `[${this.#number(around)}, 2]`,
              '[]',
            ]),
        ...(each === 'item' ? {} : { each }),
        ...(at === 'index' ? {} : { at }),
      },
      ...(this.#chance(25) ? { while: this.#condition(inside) } : {}),
      do: this.#list(inside, 1, 3),
    };
  }

  #fork(around: Around): JsonObject {
    const compete = this.#chance(35);
    const branches: JsonObject[] = [];
    for (let i = this.#int(1, 3); i >= 0; i--) {
      const { name, task } = this.#single(around);
      branches.push({ [name]: task });
    }
    const number = '(.n? // 0 | tonumber? // 0)';
    const tidy = `{ n: ((map(${number}) | add) % 997), s: (map(.s? // "-") | join("/"))[0:30], l: map(${number})[-4:] }`;
    return {
      fork: { branches, ...(compete ? { compete } : {}) },
      ...(compete || this.#chance(6) ? {} : { output: { as: tidy } }),
    };
  }

  #try(around: Around): JsonObject {
    const as = this.#pick(['error', 'problem']);
    const judging = { ...around, errors: [...around.errors, as] };
    const caught: JsonObject = as === 'error' ? {} : { as };
    if (this.#chance(35)) {
      const filter = this.#int(0, 3);
      caught['errors'] = {
        with:
          filter === 0
            ? { status: this.#pick([503, 400, 408, 422]) }
            : {
                type: this.#pick([`${ERRORS}communication`, `${OLD_ERRORS}communication`, CUSTOM]),
              },
      };
    }
    if (this.#chance(15)) caught['when'] = this.#errorIs(as);
    if (this.#chance(12)) caught['exceptWhen'] = this.#errorIs(as);
    if (this.#chance(70)) {
      caught['retry'] = this.#chance(25) && as === 'error' ? 'again' : this.#policy(judging);
    }
    if (this.#chance(70)) caught['do'] = this.#list(judging, 1, 2);
    const block = this.#list({ ...around, guarded: true }, 1, 3);
    if (this.#chance(60)) {
      const name = `t${++this.#names}`;
      block.splice(this.#int(0, block.length), 0, { [name]: this.#call(around) });
    }
    return { try: block, catch: caught };
  }

  #policy(around: Around): JsonObject {
    const as = around.errors.at(-1) ?? 'error';
    const long = this.#taste.long && this.#chance(8);
    const policy: JsonObject = {
      delay: long ? { seconds: this.#int(20, 40) } : this.#short(),
      backoff: { [this.#pick(['constant', 'linear', 'exponential'])]: {} },
    };
    const limit: JsonObject = {};
    const count = this.#pick([0, 1, 2, 2, 3, 4]);
    if (count < 4) limit['attempt'] = { count };
    else limit['duration'] = { seconds: this.#int(1, 9) };
    if (count < 4 && this.#chance(15)) limit['duration'] = { seconds: this.#int(1, 20) };
    if (this.#chance(22)) {
      const attempt = (limit['attempt'] ?? {}) as JsonObject;
      limit['attempt'] = { ...attempt, duration: { milliseconds: this.#int(50, 5_000) } };
    }
    policy['limit'] = limit;
    if (count === 4) policy['delay'] = { milliseconds: this.#int(400, 2_000) };
    if (this.#chance(25)) {
      const from = this.#int(0, 300);
      const to = this.#taste.exact ? from : from + this.#int(0, 400);
      policy['jitter'] = { from: { milliseconds: from }, to: { milliseconds: to } };
    }
    if (this.#chance(15)) policy['when'] = this.#errorIs(as);
    if (this.#chance(12)) policy['exceptWhen'] = this.#errorIs(as);
    return policy;
  }

  // -- parts of tasks ------------------------------------------------------------------------------

  #input(around: Around): JsonObject {
    const schema = this.#chance(25) ? { schema: this.#schema() } : {};
    return {
      ...schema,
      from: this.#pick<Json>([
        '.',
        '. + { n: (.n + 1) }',
        { n: `\${ ${this.#number(around)} }`, s: 'from', l: '${ .l }' },
        '${ { n, s, l: (.l[0:2]) } }',
      ]),
    };
  }

  #output(around: Around): JsonObject {
    const schema = this.#chance(25) ? { schema: this.#schema() } : {};
    return {
      ...schema,
      as: this.#pick<Json>([
        '. + { s: "shaped" }',
        '{ n: ($input.n // 0), s: "\\(.s? // "none")"[0:9], l: ($output.l? // []) }',
        { n: `\${ ${this.#number(around)} }`, s: '${ $task.name }', l: [3] },
        '{ n: .n, s: ($task.reference | split("/") | last), l: .l }',
      ]),
    };
  }

  #export(around: Around): JsonObject {
    const schema = this.#chance(12) ? { schema: { document: { type: 'object' } } } : {};
    const kept = `(($context // {}) | ${KEEP})`;
    return {
      ...schema,
      as: this.#pick([
        `$context + { x: ${this.#number(around)} }`,
        `$context + { seen: ((($context.seen // []) + [${this.#number(around)}])[-6:]) }`,
        `${kept} + { x: ${this.#number(around)}, only: $task.name }`,
        `${kept} + { in: $input, out: $output, raw: $task.output }`,
      ]),
    };
  }

  #schema(): JsonObject {
    const limit = this.#pick<Json>([{}, { maximum: 60 }, { minimum: 2 }]);
    const properties = { n: { type: 'number', ...(limit as JsonObject) } };
    return { format: 'json', document: { type: 'object', required: ['n'], properties } };
  }

  #error(around: Around): JsonObject {
    const error: JsonObject = {
      type: this.#pick([CUSTOM, `${ERRORS}communication`, `${OLD_ERRORS}runtime`]),
      status: this.#pick([400, 418, 503]),
    };
    if (this.#chance(60)) error['title'] = this.#pick(['Odd', `\${ ${this.#text(around)} }`]);
    if (this.#chance(30)) error['detail'] = '${ "n is \\(.n)" }';
    if (this.#chance(10)) error['instance'] = '/elsewhere';
    return error;
  }

  #short(): Json {
    return this.#pick<Json>([
      { milliseconds: this.#int(1, 900) },
      { seconds: 1, milliseconds: this.#int(0, 500) },
      'PT0.25S',
      `\${ "PT\\((.n? // 1) % 3${this.#least()})S" }`,
    ]);
  }

  #wait(around: Around): Json {
    if (this.#taste.long && this.#chance(15)) return { seconds: this.#int(31, 120) };
    if (this.#chance(10)) return `\${ "PT\\(${this.#number(around)} % 5${this.#least()})S" }`;
    return this.#short();
  }

  /** What keeps a duration from being zero. */
  #least(): string {
    return this.#taste.exact ? ' | if . == 0 then 1 else . end' : '';
  }

  #limit(): Json {
    return { milliseconds: this.#pick([10, 60, 300, 2_000, 8_000, 45_000]) + this.#int(0, 99) };
  }

  // -- expressions ---------------------------------------------------------------------------------

  #number(around: Around, deep = 0): string {
    const known = around.numbers.map((name) => `$${name}`);
    const failed = around.errors.map((name) => `$${name}.status`);
    if (deep < 2 && this.#chance(35)) {
      const [a, b] = [this.#number(around, deep + 1), this.#number(around, deep + 1)];
      return this.#pick([
        `((${a} + ${b}) % 997)`,
        `((${a} * 3 - ${b}) % 101)`,
        `([${a}, ${b}] | max)`,
      ]);
    }
    return this.#pick([
      '.n',
      '.n',
      '(.n + 1)',
      '(.l | length)',
      '((.l | add) // 0)',
      '($context.x // 0)',
      '(($context.seen // []) | length)',
      `${this.#int(0, 40)}`,
      ...known,
      ...known,
      ...failed,
    ]);
  }

  #text(around: Around): string {
    const failed = around.errors.flatMap((name) => [
      `$${name}.instance`,
      `($${name}.type | split("/") | last)`,
    ]);
    return this.#pick([
      '.s',
      '(.s + "x")[0:12]',
      `"n=\\(${this.#number(around)})"`,
      '"\\(.s[0:5])-\\(.n)"',
      '($task.name | ascii_upcase)',
      '($context.only // "none")',
      ...failed,
      ...failed,
    ]);
  }

  #numbers(around: Around): string {
    return this.#pick([
      '.l',
      `(.l + [${this.#number(around)}])[-5:]`,
      `[.l[] | . + ${this.#int(1, 9)}]`,
      `[${this.#number(around)}, .n]`,
      '(.l | sort)',
    ]);
  }

  #condition(around: Around): string {
    const number = this.#number(around);
    return this.#pick([
      `${number} % 2 == ${this.#int(0, 1)}`,
      `${number} < ${this.#int(3, 60)}`,
      '(.l | length) > 1',
      `\${ ${number} > ${this.#int(0, 9)} }`,
      '.s | startswith("n")',
      '$context.x',
    ]);
  }

  #errorIs(as: string): string {
    return this.#pick([
      `$${as}.status >= 500`,
      `$${as}.status == 503 or $${as}.status == 408`,
      `$${as}.type | endswith("communication")`,
      '.n < 30',
    ]);
  }
}
