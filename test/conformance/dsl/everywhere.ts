/*
 * Runs one workflow on everything that can run it: core alone, driven step by step in made-up time; the
 * reference interpreter; and the whole engine, embedded, on a file in memory. All must end alike.
 *
 * In embedded runs time is real: what takes long there is run by the other two only (`hours`).
 */
import { expect } from 'vitest';
import { interpret, type Serve, simulatedLine } from '../../../src/chaos/reference/index.ts';
import { openEngine, type HostFunctions } from '../../../src/index.ts';
import { type Definition, load } from '../../../src/dsl/index.ts';
import type { Json, StrandEnd, WorkflowError } from '../../../src/wire/index.ts';
import { drive, type Driven, type Functions } from '../../core/drive.ts';
import { planFor } from '../../chaos/reference/driven.ts';

/** What a function answers to its nth call; `after` in ms. */
export type Answering = (
  request: Json,
  call: { readonly nth: number; readonly attempt: number },
) => ({ readonly result: Json } | { readonly error: WorkflowError }) & { readonly after?: number };

export interface Given {
  readonly input?: Json;
  readonly functions?: Readonly<Record<string, Answering>>;
  /** takes too long for real time */
  readonly hours?: true;
  /** for the embedded engine */
  readonly secrets?: Readonly<Record<string, Json>>;
}

export interface Ended {
  readonly output: Json | undefined;
  readonly error: WorkflowError | undefined;
  /** what was called, in order: name, attempt, request, and the made-up time, ms */
  readonly calls: Driven['calls'];
  /** made-up time of the end, ms */
  readonly at: number;
}

export async function everywhere(text: string, given: Given = {}): Promise<Ended> {
  const definition = definitionOf(text);
  const { input = {}, functions = {} } = given;
  const driven = drive(planFor({ definition }), input, drivenFunctions(functions));
  const { end } = driven;
  const reference = interpret(definition, {
    run: 'run-1',
    input,
    at: 0,
    line: simulatedLine(served(functions)),
  });
  expect(shown(reference), 'the reference ends otherwise').toEqual(shown(end));
  expect(reference.at, 'the reference ends at another time').toBe(driven.at);
  if (given.hours === undefined) {
    const embedded = await embeddedly(text, given);
    expect(shown(embedded), 'the engine ends otherwise').toEqual(shown(end));
  }
  return { output: end.output, error: end.error, calls: driven.calls, at: driven.at };
}

/** On the embedded engine alone. */
export function embeddedly(text: string, given: Given = {}): Promise<StrandEnd> {
  return endOf(definitionOf(text), given);
}

export async function endOf(definition: Definition, given: Given = {}): Promise<StrandEnd> {
  const { functions = {}, input, secrets = {} } = given;
  const engine = await openEngine({
    file: ':memory:',
    functions: hostFunctions(functions),
    secrets: { get: async (name) => secrets[name] },
  });
  try {
    await engine.deploy(definition);
    const run = await engine.start({ definition, ...(input === undefined ? {} : { input }) });
    const result = await engine.result(run);
    if (result.ended === 'cancelled') return {};
    return result.ended === 'completed'
      ? { output: result.output }
      : { error: result.error as unknown as WorkflowError };
  } finally {
    await engine.close();
  }
}

export function definitionOf(text: string): Definition {
  const document = /^document:|^\{/m.test(text)
    ? text
    : `document: {dsl: '1.0.3', namespace: test, name: row, version: '1.0.0'}\n${text}`;
  const { definition, problems } = load(document, 'row.yaml');
  if (definition === undefined) throw new Error(problems.map(({ message }) => message).join('\n'));
  return definition;
}

/** An error as services give it. */
export function failing(status: number, type = 'communication'): { error: WorkflowError } {
  const home = 'https://open-workflow-specification.org/spec/1.0.0/errors/';
  return { error: { type: `${home}${type}`, status, title: 'It failed' } };
}

/** Last segment of the type of an error. */
export function kindOf(error: WorkflowError | undefined): string | undefined {
  return error?.type.split('/').at(-1);
}

function counting(): (name: string) => number {
  const counts = new Map<string, number>();
  return (name) => {
    const nth = (counts.get(name) ?? 0) + 1;
    counts.set(name, nth);
    return nth;
  };
}

function drivenFunctions(functions: Readonly<Record<string, Answering>>): Functions {
  return Object.fromEntries(
    Object.entries(functions).map(([name, answer]) => [
      name,
      ({ arguments: request, attempt }, nth) => answer(request, { nth, attempt }),
    ]),
  );
}

function served(functions: Readonly<Record<string, Answering>>): Serve {
  const count = counting();
  return (name, request, attempt) => {
    const { after = 0, ...answer } = functions[name]!(request, { nth: count(name), attempt });
    return { latency: after, ...answer };
  };
}

function hostFunctions(functions: Readonly<Record<string, Answering>>): HostFunctions {
  const count = counting();
  return Object.fromEntries(
    Object.entries(functions).map(([name, answer]) => [
      name,
      async (request: unknown, { attempt }: { readonly attempt: number }) => {
        const told = answer(request as Json, { nth: count(name), attempt });
        if (told.after !== undefined) await new Promise((done) => setTimeout(done, told.after));
        if ('error' in told) throw Object.assign(new Error(told.error.title), told.error);
        return told.result;
      },
    ]),
  );
}

/** How it ended, without the words for people. */
function shown({ error, output }: Pick<StrandEnd, 'error' | 'output'>): object {
  if (error === undefined) return { output: output ?? null };
  const { instance, status, type } = error;
  return { type, status, instance };
}
