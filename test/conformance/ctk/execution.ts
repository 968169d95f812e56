/*
 * One workflow of the conformance kit, run by an engine of its own on a file in memory: how it ended,
 * and which tasks ran in which order.
 */
import { load } from '../../../src/dsl/index.ts';
import { type Engine, openEngine, type Result } from '../../../src/presets/embedded.ts';
import type { Transition } from '../../../src/core/index.ts';
import type { Json } from '../../../src/wire/index.ts';

export interface Execution {
  readonly result: Result;
  readonly transitions: readonly Transition[];
}

export async function execute(text: string, input: Json | undefined): Promise<Execution> {
  const { definition, problems } = load(text, 'kit.yaml');
  if (definition === undefined) throw new Error(problems.map(({ message }) => message).join('\n'));
  const transitions: Transition[] = [];
  const engine: Engine = await openEngine({
    file: ':memory:',
    onTransition: (_run, transition) => void transitions.push(transition),
  });
  try {
    await engine.deploy(definition);
    const run = await engine.start({ definition, ...(input === undefined ? {} : { input }) });
    return { result: await engine.result(run), transitions };
  } finally {
    await engine.close();
  }
}
