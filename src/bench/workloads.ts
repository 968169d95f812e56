/*
 * The workloads: small documents of the kinds that cost differently, with what one run of each is worth
 * in durable steps and what the write budget allows it. The functions that they call do nothing, so that
 * what is measured is the engine.
 */
import type { HostFunctions } from '../activities/function.ts';
import { type Definition, load } from '../dsl/index.ts';
import type { CloudEvent, Json } from '../wire/index.ts';

export interface Workload {
  readonly name: string;
  readonly summary: string;
  readonly definition: Definition;
  /** deployed with it: what it runs */
  readonly children: readonly Definition[];
  /** durable steps of one run; undefined = counted in the Log */
  readonly steps: number | undefined;
  /** owner records of one run by the write budget (PROTOCOL.md); undefined = not known beforehand */
  readonly records: number | undefined;
  /** rows of the Store that one run inserts, updates and deletes, likewise */
  readonly rows: number | undefined;
  readonly functions: HostFunctions;
  /** input of the run with that number */
  readonly input: (nth: number) => Json;
}

/** What a workload may ask of whoever runs it. */
export interface Surroundings {
  emit(event: CloudEvent): Promise<void>;
}

export class UnknownWorkload extends Error {
  override readonly name = 'UnknownWorkload';
}

interface Recipe {
  readonly summary: string;
  readonly tasks: string;
  readonly steps: number;
  readonly records: number;
  readonly rows?: number;
  /** what a journal has rows for (default: every record) */
  readonly transitions?: number;
  readonly metadata?: string;
  readonly children?: readonly { readonly name: string; readonly tasks: string }[];
}

const call = (index: number, more = ''): string => `- s${index}: { call: step${more} }`;
const calls = (count: number): string =>
  Array.from({ length: count }, (_, index) => call(index)).join('\n');
const undo = ', metadata: { compensate: { call: step } }';

const LISTENED = `${call(0, ', with: { id: "${ .id }" }')}
- told: { call: tell, with: { id: "\${ $workflow.input.id }" } }
- heard:
    listen:
      to:
        one:
          with: { type: bench.told }
          correlate: { id: { from: .subject, expect: "\${ $workflow.input.id }" } }
${call(1)}`;

const RECIPES: Readonly<Record<string, Recipe>> = {
  one: { summary: 'one call', tasks: calls(1), steps: 1, records: 2 },
  seq10: { summary: 'ten calls in a row', tasks: calls(10), steps: 10, records: 11 },
  seq100: { summary: 'a hundred calls in a row', tasks: calls(100), steps: 100, records: 101 },
  fan16: {
    summary: 'sixteen calls at once',
    tasks: `- fan:\n    fork:\n      branches:\n${indent(calls(16), 8)}`,
    steps: 16,
    // 2n and the END: the branch that ends last is merged into the unit of the join
    records: 33,
  },
  timer: {
    summary: 'a call, a wait of 10 ms, a call',
    tasks: `${call(0)}\n- pause: { wait: { milliseconds: 10 } }\n${call(1)}`,
    steps: 3,
    records: 4,
  },
  listen: {
    summary: 'three calls and an event that is waited for',
    tasks: LISTENED,
    steps: 4,
    records: 6,
    rows: 6,
    // what resumes it is none
    transitions: 5,
  },
  saga: {
    summary: 'four calls, a fifth that fails, four undone',
    metadata: 'saga: true',
    tasks: `${Array.from({ length: 4 }, (_, index) => call(index, undo)).join('\n')}\n- last: { call: fails }`,
    steps: 9,
    records: 10,
  },
  child: {
    summary: 'a call, and a workflow of three calls that is waited for',
    tasks: `${call(0)}\n- inner:\n    run: { workflow: { namespace: bench, name: inner, version: '1.0.0', input: {} } }`,
    children: [{ name: 'inner', tasks: calls(3) }],
    steps: 4,
    records: 6,
  },
  pure: {
    summary: 'a loop of a hundred turns that calls nothing',
    tasks: `- turns:
    for: { each: n, in: '[range(100)]' }
    do:
      - add: { set: { sum: '\${ (.sum // 0) + $n }' } }`,
    steps: 100,
    records: 1,
  },
};

export const WORKLOADS: readonly string[] = Object.keys(RECIPES);

const NO_SURROUNDINGS: Surroundings = { emit: async () => {} };

/** Why this release cannot run it; undefined when it can. */
export function refusal(name: string): string | undefined {
  try {
    workload(name, NO_SURROUNDINGS);
    return undefined;
  } catch (error) {
    if (error instanceof UnknownWorkload) return error.message;
    throw error;
  }
}

function indent(text: string, columns: number): string {
  return text.replaceAll(/^/gm, ' '.repeat(columns));
}

function document(name: string, metadata: readonly string[], tasks: string): string {
  const said = metadata.filter((one) => one !== '').join(', ');
  const more = said === '' ? '' : `, metadata: { ${said} }`;
  return `document: { dsl: '1.0.3', namespace: bench, name: ${name}, version: '1.0.0'${more} }\ndo:\n${indent(tasks, 2)}\n`;
}

function loaded(text: string, name: string): Definition {
  const { definition, notes, problems } = load(text, `${name}.yaml`);
  const early = notes.find(({ code }) => code === 'not-supported-yet');
  if (early !== undefined) throw new UnknownWorkload(`workload ${name}: ${early.message}`);
  if (definition !== undefined) return definition;
  throw new Error(`workload ${name}: ${problems.map(({ message }) => message).join('; ')}`);
}

/** What every call answers: a small object, as most services do. */
const ANSWER = { ok: true, id: 'order-000123', amount: 12.5, note: 'a small json object' } as const;

/** A workload of this release by its name; its runs may have a journal in the database. */
export function workload(name: string, surroundings: Surroundings, journal = false): Workload {
  const recipe = Object.hasOwn(RECIPES, name) ? RECIPES[name] : undefined;
  if (recipe === undefined) {
    throw new UnknownWorkload(
      `there is no workload ${name}: there are ${WORKLOADS.join(', ')}; or name a --file of your own`,
    );
  }
  const { summary, tasks, steps, records, rows = 0, metadata = '', children = [] } = recipe;
  const { transitions = records } = recipe;
  const kept = journal ? 'durability: journal' : '';
  return {
    name,
    summary,
    definition: loaded(document(name, [metadata, kept], tasks), name),
    children: children.map((child) =>
      loaded(document(child.name, [kept], child.tasks), child.name),
    ),
    steps,
    records,
    // a journal has a row for each of them
    rows: rows + (journal ? transitions : 0),
    functions: {
      step: () => ANSWER,
      fails: () => {
        throw { type: 'communication', status: 500, title: 'It fails' };
      },
      tell: async (input) => {
        const { id } = input as { id: string };
        const event = { specversion: '1.0', id, source: '/bench', type: 'bench.told', subject: id };
        await surroundings.emit(event as CloudEvent);
        return null;
      },
    },
    input: (nth) => ({ id: `order-${nth}`, amount: 12.5 }),
  };
}

/** A user's own document as a workload. */
export function ownWorkload(
  definition: Definition,
  children: readonly Definition[],
  functions: HostFunctions,
  input: Json,
): Workload {
  return {
    name: definition.name,
    summary: `${definition.namespace}/${definition.name}/${definition.version}`,
    definition,
    children,
    steps: undefined,
    records: undefined,
    rows: undefined,
    functions,
    input: () => input,
  };
}
