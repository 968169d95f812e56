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
import { processService } from '../../dsl/index.ts';
import { Elsewhere } from './elsewhere.ts';
import { Leaves } from './leaves.ts';
import { Listening } from './listening.ts';
import { Parts } from './parts.ts';
import { generatedService } from './services.ts';
import {
  type Around,
  CUSTOM_ERROR,
  type Draw,
  ERRORS,
  type JsonObject,
  OLD_ERRORS,
  SERVICES,
  type Taste,
  Words,
} from './words.ts';

interface Named {
  readonly name: string;
  readonly task: JsonObject;
}

/** Tasks of a workflow that others run, roughly, and how deep it seems to stand already. */
const CHILD_TASKS = 8;
const CHILD_DEPTH = 3;

export class Author {
  readonly #words: Words;
  readonly #parts: Parts;
  readonly #leaves: Leaves;
  /** host functions and processes that the document calls */
  readonly called = new Set<string>();
  readonly elsewhere: Elsewhere;
  /** tasks may have timeouts; where they have none, branches and children may have to be undone */
  readonly #hurries: boolean;
  /** workflows emit nothing: who listens to everything hears what comes from outside */
  readonly #silent: boolean;
  readonly #listening: Listening;
  /** some task listens */
  listens = false;
  #left: number;
  #names = 0;

  constructor(draw: Draw, taste: Taste) {
    this.#words = new Words(draw, taste);
    this.elsewhere = new Elsewhere(this.#words);
    this.#hurries = !this.#words.chance(30);
    this.#silent = taste.events && this.#words.chance(30);
    this.#listening = new Listening(this.#words, this.#silent);
    this.#parts = new Parts(this.#words, this.elsewhere, this.#hurries);
    this.#leaves = new Leaves(this.#words, this.#parts, this.elsewhere, this.called);
    this.#left = taste.tasks;
  }

  /** A whole document, and those of the workflows that its tasks run. */
  documents(name: string): { readonly workflow: Json; readonly workflows: readonly Json[] } {
    const names = ['child-a', 'child-b'].slice(0, this.#words.int(0, 2));
    const workflows = names.map((child, index) => {
      this.#left = CHILD_TASKS;
      return this.#document(child, names.slice(index + 1), CHILD_DEPTH);
    });
    this.#left = this.#words.taste.tasks;
    return { workflow: this.#document(name, names, 1), workflows };
  }

  #document(name: string, children: readonly string[], depth: number): Json {
    const functions: JsonObject = {};
    const nothing = { numbers: [], errors: [], functions: [] };
    const saga = this.#words.chance(18) && (depth === 1 || !this.#hurries);
    const outside: Around = {
      ...nothing,
      depth,
      children,
      guarded: false,
      saga,
      plain: depth > 1 && this.#hurries,
    };
    const around: Around = { ...outside, saga: false, plain: true };
    for (const fn of ['twice', 'tidy'].slice(0, this.#words.int(0, 2))) {
      const known = Object.keys(functions);
      functions[fn] = this.#single({ ...around, functions: known }, fn).task;
    }
    const known = Object.keys(functions);
    const body: JsonObject[] = [];
    if (depth === 1 && this.#words.chance(15)) {
      const { task } = this.#single({ ...around, functions: known }, 'turn');
      known.push(this.elsewhere.addFunction('turn', task));
      // What nobody calls is not read.
      body.push({
        turn: this.#leaves.invoke({ ...around, children: [], functions: known.slice(-1) }),
      });
    }
    const size: [number, number] = depth === 1 ? [3, 8] : [1, 3];
    body.unshift(...this.#list({ ...outside, functions: known }, ...size));
    const metadata = saga ? { metadata: { saga } } : {};
    const document: JsonObject = {
      document: { dsl: '1.0.3', namespace: 'generated', name, version: '1.0.0', ...metadata },
      use: {
        errors: {
          odd: this.#parts.error(around),
          busy: { type: `${ERRORS}communication`, status: 503 },
        },
        retries: { again: this.#parts.policy({ ...around, errors: ['error'] }) },
        timeouts: { soon: { after: this.#words.limit() } },
        ...(Object.keys(functions).length === 0 ? {} : { functions }),
      },
      do: body,
    };
    if (this.#words.chance(15))
      document['input'] = {
        ...this.#parts.input(around),
        from: this.#words.pick(['.', '. + { n: (.n + 1) }', '{ n, s, l: (.l[0:2]) }']),
      };
    if (depth > 1) {
      if (this.#words.chance(30)) document['output'] = { as: '. + { s: "from a child" }' };
    } else if (this.#words.chance(70)) {
      document['output'] = { as: this.#words.pick(['{ data: ., context: $context }', '{ d: . }']) };
    }
    if (this.#hurries && this.#words.chance(8)) {
      document['timeout'] = this.#words.chance(30)
        ? 'soon'
        : { after: { seconds: this.#words.int(2, 90) } };
    }
    if (this.#words.chance(12)) document['evaluate'] = { mode: 'loose' };
    if (this.#words.chance(25)) {
      const inside = {
        ...around,
        depth: this.#words.taste.depth,
        functions: known,
      };
      const names = ['watch', 'odd/~one'].slice(0, this.#words.int(1, 2));
      const extensions = names.map((each) => ({ [each]: this.#extension(inside) }));
      const [first, second] = extensions.flatMap((item) => Object.values(item));
      // Their order shows only where both apply.
      if (second !== undefined && this.#words.chance(60)) second['extend'] = first!['extend']!;
      (document['use'] as JsonObject)['extensions'] = extensions;
    }
    Object.assign(document['use'] as JsonObject, this.elsewhere.use);
    return document;
  }

  #extension(around: Around): JsonObject {
    const extension = this.#parts.extension();
    if (this.#words.chance(75)) {
      const before = this.#list(around, 1, 2);
      if (this.#words.chance(15)) {
        before.push({ instead: { ...this.#leaves.set(around), then: 'exit' } });
      }
      extension['before'] = before;
    }
    if (this.#words.chance(65)) {
      const after = this.#list(around, 1, 1);
      if (this.#words.chance(60)) after.push({ note: this.#leaves.call(around) });
      extension['after'] = after;
    }
    return extension;
  }

  /** Everything that the document calls, by its name. */
  services(): JsonObject {
    const services: JsonObject = {};
    for (const name of this.called) services[name] = generatedService(this.#words, false);
    for (const name of this.elsewhere.services)
      services[name] = generatedService(this.#words, true);
    return services;
  }

  // -- lists and tasks -----------------------------------------------------------------------------

  #list(around: Around, min: number, max: number): JsonObject[] {
    const tasks: Named[] = [];
    const count = this.#words.int(min, max);
    for (let i = 0; i < count && (i < min || this.#left > 0); i++) tasks.push(this.#task(around));
    if (this.#words.chance(12))
      tasks.splice(this.#words.int(0, tasks.length - 1), 0, this.#again(around, tasks));
    tasks.forEach(({ task }, index) => this.#direct(task, tasks.slice(index + 1)));
    return tasks.map(({ name, task }) => ({ [name]: task }));
  }

  /** A jump back to some task of the list, at most twice. */
  #again(around: Around, tasks: readonly Named[]): Named {
    const key = `turns${++this.#names}`;
    const back = this.#words.int(0, tasks.length - 1);
    return {
      name: `again${this.#names}`,
      task: {
        switch: [
          {
            more: {
              when: `($context.${key} // 0) < ${this.#words.int(1, 2)}${this.#words.chance(40) ? ` and (${this.#words.number(around)} != 3)` : ''}`,
              then: tasks[back]!.name,
            },
          },
          ...(this.#words.chance(50) ? [{ enough: { then: 'continue' } }] : []),
        ],
        export: { as: `$context + { ${key}: (($context.${key} // 0) + 1) }` },
      },
    };
  }

  /** Where the task leads: seldom anywhere but on. */
  #direct(task: JsonObject, later: readonly Named[]): void {
    const to = (): string =>
      later.length > 0 && this.#words.chance(55)
        ? this.#words.pick(later).name
        : this.#words.pick(['continue', 'exit', 'exit', 'end']);
    if (task['switch'] !== undefined) {
      for (const item of task['switch'] as JsonObject[]) {
        for (const one of Object.values(item) as JsonObject[]) one['then'] ??= to();
      }
    }
    if (task['catch'] !== undefined && this.#words.chance(15))
      (task['catch'] as JsonObject)['then'] = to();
    if (this.#words.chance(5)) task['then'] = to();
  }

  /** A task that stands alone: there is nothing to jump to. */
  #single(around: Around, called?: string): Named {
    const single = this.#task(around, called);
    this.#direct(single.task, []);
    return single;
  }

  #task(around: Around, called?: string): Named {
    this.#left--;
    const number = ++this.#names;
    const name = called ?? (this.#words.chance(3) ? `odd/${number}~ %` : `t${number}`);
    const task = this.#kind(around);
    const run = task['run'] as JsonObject | undefined;
    if (run !== undefined && run['workflow'] === undefined) {
      const kind = Object.hasOwn(run, 'shell') ? 'shell' : 'script';
      this.called.add(processService(kind, name));
    }
    if (this.#words.chance(12)) task['if'] ??= this.#words.condition(around);
    if (this.#words.chance(12)) task['input'] = this.#parts.input(around);
    if (task['output'] === undefined && this.#words.chance(14))
      task['output'] = this.#parts.output(around);
    if (this.#words.chance(16)) task['export'] ??= this.#parts.export(around);
    if (this.#hurries && this.#words.chance(around.guarded ? 10 : 5)) this.#hurry(task);
    if (around.saga && this.#words.chance(asks(task) ? 60 : 15)) {
      task['metadata'] = {
        ...(task['metadata'] as JsonObject),
        compensate: this.#undoing(around, name),
      };
    }
    return { name, task };
  }

  /** What undoes a task: it sees what that has put out, and whether it is sure. */
  #undoing(around: Around, name: string): JsonObject {
    const { depth } = this.#words.taste;
    const plain = { ...around, numbers: [], errors: [], saga: false, plain: true };
    const rest = this.#words.int(0, 9);
    if (rest < 2) return this.#single({ ...plain, depth }, name).task;
    const call = this.#words.pick(SERVICES);
    this.called.add(call);
    const known = '(if $certain then $output else . end)';
    const back = { call, with: { n: `\${ ${known} | .n? // 7 }`, s: 'undo', at: '${ .n? }' } };
    if (rest < 7) return back;
    const more = (): JsonObject[] => this.#list({ ...plain, depth }, 1, 1);
    if (rest < 8) return { do: [{ back }, ...more()] };
    const retry = (): JsonObject => ({ retry: this.#parts.policy(plain) });
    return { try: [{ back }], catch: this.#words.chance(50) ? retry() : { do: more() } };
  }

  /** What surrounds tasks that a saga undoes, if it is one: now and then. */
  #undone(around: Around, percent: number): { inside: Around; metadata: JsonObject } {
    const saga = !around.plain && this.#words.chance(percent);
    if (!saga) return { inside: around, metadata: {} };
    return { inside: { ...around, saga }, metadata: { metadata: { saga } } };
  }

  /** What surrounds the tasks of a strand: a deadline would not wait for what it has to undo. */
  #beside(around: Around): Around {
    return this.#hurries || !this.#words.taste.cancels
      ? { ...around, saga: false, plain: true }
      : around;
  }

  /** A timeout; now and then what is inside has the same one, and both strike at once. */
  #hurry(task: JsonObject): void {
    const timeout: Json = this.#words.chance(45) ? 'soon' : { after: this.#words.limit() };
    task['timeout'] = timeout;
    const [first] = (task['do'] ?? task['try'] ?? []) as JsonObject[];
    if (first === undefined || !this.#words.chance(40)) return;
    for (const inner of Object.values(first) as JsonObject[]) inner['timeout'] = timeout;
  }

  #kind(around: Around): JsonObject {
    const { depth } = around;
    const deeper =
      depth < this.#words.taste.depth && this.#left > 0 && !this.#words.chance(15 * (depth - 1));
    if (this.#words.taste.events && this.#words.chance(8)) {
      if (around.guarded || !deeper || this.#words.chance(20)) return this.#listen(around);
      return this.#try({ ...around, depth: around.depth + 1 });
    }
    const kind = this.#words.int(0, deeper ? 99 : 62);
    if (kind < 13) return this.#leaves.set(around);
    if (kind < 38) {
      // Most of what may fail stands in a try, or few runs would get far.
      if (around.guarded || !deeper || this.#words.chance(20)) return this.#leaves.ask(around);
      return this.#try({ ...around, depth: around.depth + 1 });
    }
    if (kind < 46) return { wait: this.#words.wait(around) };
    if (kind < 54) return this.#leaves.switch(around);
    if (kind < 57) {
      const raise = { error: this.#words.chance(30) ? 'odd' : this.#parts.error(around) };
      return around.guarded ? { raise } : { if: this.#words.number(around) + ' % 7 == 3', raise };
    }
    if (kind < 60) return this.#silent ? this.#leaves.set(around) : this.#leaves.emit(around);
    if (kind < 63) return this.#leaves.invoke(around);
    const inside = { ...around, depth: around.depth + 1 };
    if (kind < 70) {
      const { inside: within, metadata } = this.#undone(inside, 35);
      return { ...metadata, do: this.#list(within, 1, 4) };
    }
    if (kind < 80) return this.#for(inside);
    if (kind < 91) return this.#try(inside);
    return this.#fork(inside);
  }

  #listen(around: Around): JsonObject {
    this.listens = true;
    const tidied = (): JsonObject => this.#leaves.tidied();
    return this.#listening.task(around, tidied, this.#parts, (inside) => this.#list(inside, 1, 2));
  }

  #for(around: Around): JsonObject {
    const each = this.#words.pick(['item', 'x', 'y']);
    const at = this.#words.chance(30) ? 'place' : 'index';
    const objects = this.#words.chance(12);
    const outer = around.numbers.slice(-2).map((name) => `[$${name}, .n]`);
    const inside = {
      ...around,
      numbers: [...around.numbers, objects ? `${each}.v` : each, at],
    };
    const parallel = this.#words.chance(25);
    return {
      for: {
        in: objects
          ? [{ v: 1 }, { v: `\${ ${this.#words.number(around)} }` }]
          : this.#words.pick([
              ...outer,
              '.l[0:3]',
              '[1, 2]',
              '[range(.n % 4)]',
              '${ [.n, $context.x // 3] }',
              `[${this.#words.number(around)}, 2]`,
              '[]',
            ]),
        ...(each === 'item' ? {} : { each }),
        ...(at === 'index' ? {} : { at }),
      },
      ...(parallel
        ? { metadata: { parallel: { max: this.#words.int(1, 3) } }, ...this.#leaves.tidied() }
        : this.#words.chance(25)
          ? { while: this.#words.condition(inside) }
          : {}),
      do: this.#list(parallel ? this.#beside(inside) : inside, 1, 3),
    };
  }

  #fork(around: Around): JsonObject {
    const branches: JsonObject[] = [];
    for (let i = this.#words.int(1, 3); i >= 0; i--) {
      const { name, task } = this.#single(this.#beside(around));
      branches.push({ [name]: task });
    }
    return this.#forked(around, branches);
  }

  #forked(around: Around, branches: JsonObject[]): JsonObject {
    const cancels = this.#words.taste.cancels || !mayAwait(around, branches);
    const compete = this.#words.chance(35) && cancels;
    return {
      fork: { branches, ...(compete ? { compete } : {}) },
      ...(compete ? {} : this.#leaves.tidied()),
    };
  }

  #try(around: Around): JsonObject {
    const as = this.#words.pick(['error', 'problem']);
    const judging = { ...around, errors: [...around.errors, as] };
    const caught: JsonObject = as === 'error' ? {} : { as };
    if (this.#words.chance(35)) {
      const filter = this.#words.int(0, 3);
      caught['errors'] = {
        with:
          filter === 0
            ? { status: this.#words.pick([503, 400, 408, 422]) }
            : {
                type: this.#words.pick([
                  `${ERRORS}communication`,
                  `${OLD_ERRORS}communication`,
                  CUSTOM_ERROR,
                ]),
              },
      };
    }
    if (this.#words.chance(15)) caught['when'] = this.#words.errorIs(as);
    if (this.#words.chance(12)) caught['exceptWhen'] = this.#words.errorIs(as);
    if (this.#words.chance(70)) {
      caught['retry'] =
        this.#words.chance(25) && as === 'error' ? 'again' : this.#parts.policy(judging);
    }
    if (this.#words.chance(70)) caught['do'] = this.#list(judging, 1, 2);
    const { inside, metadata } = this.#undone({ ...around, guarded: true }, 25);
    const block = this.#list(inside, 1, 3);
    if (this.#words.chance(60)) {
      const name = `t${++this.#names}`;
      block.splice(this.#words.int(0, block.length), 0, { [name]: this.#leaves.call(around) });
    }
    // What a retry meets before its first call is met when it is due, wherever it stands.
    if (this.#words.chance(5)) {
      const first = this.#silent ? this.#leaves.set(around) : this.#leaves.emit(around);
      const branches = [{ told: first }, { set: this.#leaves.set(around) }];
      block.unshift({ [`t${++this.#names}`]: this.#forked(around, branches) });
    }
    return { ...metadata, try: block, catch: caught };
  }
}

function asks(task: JsonObject): boolean {
  return task['call'] !== undefined || task['run'] !== undefined;
}

/** Whether a loser of these might wait for a workflow, and be cancelled for what that has to undo. */
function mayAwait({ children, functions }: Around, branches: readonly JsonObject[]): boolean {
  const said = JSON.stringify(branches);
  return (
    children.length > 0 &&
    (said.includes('"workflow":') || functions.some((name) => said.includes(`"call":"${name}"`)))
  );
}
