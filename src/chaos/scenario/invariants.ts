/*
 * Invariants of a scenario: jq over each run or over the world, or functions of a TypeScript module.
 *
 * A jq invariant holds when its first output is true. Anything else breaks it, and a text says why, so
 * that `if ... then true else "effects left: ..." end` gives a message that names what it saw.
 */
import { pathToFileURL } from 'node:url';
import { dirname, resolve } from 'node:path';
import type { Json } from '../../wire/json.ts';
import { ExpressionFailed } from './expression.ts';
import type { Expression, FinalRun, FinalWorld, Invariant, Scenario } from './format.ts';

/** What a module of invariants exports, each under the name of its invariant. */
export type WorldInvariant = (
  world: FinalWorld,
) => string | readonly string[] | boolean | undefined | void;

export function jqInvariant(
  name: string,
  of: 'run' | 'world',
  holds: Expression,
  message: string,
): Invariant {
  return {
    name,
    of,
    check(subject) {
      const where = 'id' in subject ? `run ${subject.id}: ` : '';
      try {
        const verdict = holds.evaluate(subject as unknown as Json);
        if (verdict === true) return [];
        const why =
          typeof verdict === 'string' || Array.isArray(verdict)
            ? `: ${typeof verdict === 'string' ? verdict : JSON.stringify(verdict)}`
            : '';
        return [`${where}${message}${why}`];
      } catch (error) {
        if (!(error instanceof ExpressionFailed)) throw error;
        return [`${where}the invariant itself failed: ${error.message}`];
      }
    },
  };
}

/** The scenario with the invariants of its TypeScript modules. Rejects with a plain sentence. */
export async function withInvariantModules(scenario: Scenario): Promise<Scenario> {
  const invariants = [...scenario.invariants];
  for (const module of scenario.modules) {
    const path = resolve(dirname(scenario.file), module);
    let exported: Record<string, unknown>;
    try {
      exported = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
    } catch (error) {
      throw new Error(
        `${scenario.file}: the invariants in ${module} cannot be loaded: ${String(error)}`,
        {
          cause: error,
        },
      );
    }
    const functions = Object.entries(exported).filter(([, value]) => typeof value === 'function');
    if (functions.length === 0) {
      throw new Error(
        `${scenario.file}: ${module} exports no function, so there is no invariant in it`,
      );
    }
    for (const [name, check] of functions) {
      invariants.push(moduleInvariant(name, check as WorldInvariant));
    }
  }
  return { ...scenario, invariants, modules: [] };
}

export function moduleInvariant(name: string, check: WorldInvariant): Invariant {
  return {
    name,
    of: 'world',
    check(subject: FinalRun | FinalWorld) {
      const verdict = check(subject as FinalWorld);
      if (verdict === undefined || verdict === true) return [];
      if (verdict === false) return [`${name} does not hold`];
      return typeof verdict === 'string' ? [verdict] : verdict;
    },
  };
}
