/*
 * What the steps of the conformance kit mean. A step that is not in the table fails its scenario.
 */
import { expect } from 'vitest';
import { parse } from 'yaml';
import type { Json } from '../../../src/wire/index.ts';
import { type Execution, execute } from './execution.ts';
import type { KitScenario } from './features.ts';

/** What a scenario has said so far. */
interface Told {
  definition: string;
  input: Json | undefined;
  execution: Execution | undefined;
}

type Meaning = (told: Told, block: string, words: readonly string[]) => void | Promise<void>;

const STEPS: readonly (readonly [RegExp, Meaning])[] = [
  [/^a workflow with definition:$/, (told, block) => void (told.definition = block)],
  [/^given the workflow input is:$/, (told, block) => void (told.input = parse(block) as Json)],
  [
    /^the workflow is executed$/,
    async (told) => void (told.execution = await execute(told.definition, told.input)),
  ],
  [/^the workflow should complete$/, (told) => void outputOf(told)],
  [
    /^the workflow should complete with output:$/,
    (told, block) => expect(outputOf(told)).toEqual(parse(block)),
  ],
  [
    /^the workflow should fault\.?$/,
    (told) => expect(executionOf(told).result.ended).toBe('faulted'),
  ],
  [
    /^the workflow should fault with error:$/,
    (told, block) =>
      expect(executionOf(told).result).toMatchObject({ ended: 'faulted', error: parse(block) }),
  ],
  [
    /^the workflow output should have properties (.+)$/,
    (told, _block, [list = '']) => {
      const paths = [...list.matchAll(/'([^']+)'/g)].map((match) => match[1] ?? '');
      expect(paths.length).toBeGreaterThan(0);
      for (const path of paths) expect(property(outputOf(told), path), path).toBeDefined();
    },
  ],
  [
    /^the workflow output should have an? '([^']+)' property with value:$/,
    (told, block, [path = '']) => expect(property(outputOf(told), path)).toEqual(parse(block)),
  ],
  [
    /^the workflow output should have an? '([^']+)' property containing (\d+) items?$/,
    (told, _block, [path = '', count]) =>
      expect(property(outputOf(told), path)).toHaveLength(Number(count)),
  ],
  [
    /^(\S+) should run first$/,
    (told, _block, [task]) => expect(started(told).at(0)?.task).toBe(task),
  ],
  [
    /^(\S+) should run last$/,
    (told, _block, [task]) => expect(started(told).at(-1)?.task).toBe(task),
  ],
  [
    /^(\S+) should run after (\S+)$/,
    (told, _block, [later, earlier]) => {
      const tasks = started(told).map(({ task }) => task);
      expect(tasks).toContain(earlier);
      expect(tasks.indexOf(later ?? '')).toBeGreaterThan(tasks.indexOf(earlier ?? ''));
    },
  ],
];

/** Runs one scenario; `localise` is applied to its workflow. */
export async function play(
  { steps }: KitScenario,
  localise: (text: string) => string,
): Promise<void> {
  const told: Told = { definition: '', input: undefined, execution: undefined };
  for (const { block, text } of steps) {
    const found = STEPS.flatMap(([pattern, meaning]) => {
      const words = pattern.exec(text);
      return words === null ? [] : [{ meaning, words: words.slice(1) }];
    });
    expect(found, `one meaning of the step "${text}"`).toHaveLength(1);
    await found[0]!.meaning(told, localise(block), found[0]!.words);
  }
  expect(told.execution, 'a scenario that executes nothing shows nothing').toBeDefined();
}

function executionOf({ execution }: Told): Execution {
  if (execution === undefined) throw new Error('the workflow has not been executed yet');
  return execution;
}

function outputOf(told: Told): Json {
  const { result } = executionOf(told);
  if (result.ended === 'completed') return result.output;
  throw new Error(`the workflow has not completed: ${JSON.stringify(result)}`);
}

function property(value: Json, path: string): Json | undefined {
  return path.split('.').reduce<Json | undefined>((at, key) => {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, key)) return undefined;
    return (at as { readonly [key: string]: Json })[key];
  }, value);
}

/** The tasks that ran, in the order in which they began. */
function started(told: Told): { task: string }[] {
  return executionOf(told)
    .transitions.filter(({ kind }) => kind === 'task-started')
    .map(({ pointer }) => ({ task: pointer.slice(pointer.lastIndexOf('/') + 1) }));
}
