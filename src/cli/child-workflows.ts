/*
 * The workflows that a workflow runs, and those that they run: read from a directory before the first
 * of them begins. A server deploys its directory anyway; a single run has to be told where they are.
 */
import type { Definition } from '../dsl/index.ts';
import { schemas } from '../presets/schemas.ts';
import { planCompiler, storedDefinition } from '../runtime/index.ts';
import type { DefinitionRef } from '../wire/index.ts';
import type { ResourceOptions } from './pin-options.ts';
import { readWorkflows } from './serve-workflows.ts';
import { UserError } from './user-error.ts';

export interface ChildOptions extends ResourceOptions {
  /** directory with the workflows */
  readonly workflows?: string;
}

/** What must be deployed beside `definition`. Throws a UserError that names what is missing. */
export async function childWorkflows(
  definition: Definition,
  { workflows, ...resources }: ChildOptions,
): Promise<readonly Definition[]> {
  if (childrenOf(definition).length === 0) return [];
  // The functions of those that are not needed are nobody's business.
  const there = workflows === undefined ? [] : await readWorkflows(workflows, undefined, resources);
  const all = [definition, ...there];
  const needed = new Set<Definition>([definition]);
  const missing = new Set<string>();
  // What is added meanwhile is visited as well.
  for (const each of needed) {
    for (const ref of childrenOf(each)) {
      const found = all.filter((other) => isNamed(other, ref));
      for (const other of found) needed.add(other);
      if (found.length === 0) missing.add(textOf(ref));
    }
  }
  if (missing.size > 0) {
    throw new UserError(
      workflows === undefined
        ? `the workflow runs ${listOf(missing)}; name the directory that has ${missing.size === 1 ? 'it' : 'them'}: --workflows DIR`
        : `the workflow runs ${listOf(missing)}, which ${workflows} does not have`,
    );
  }
  return [...needed].filter((each) => each !== definition);
}

function childrenOf(definition: Definition): readonly DefinitionRef[] {
  const compiled = planCompiler(schemas)(storedDefinition(definition));
  return 'plan' in compiled ? compiled.plan.children : [];
}

function isNamed(definition: Definition, { namespace, name, version }: DefinitionRef): boolean {
  if (definition.namespace !== namespace || definition.name !== name) return false;
  return version === undefined || definition.version === version;
}

function textOf({ namespace, name, version }: DefinitionRef): string {
  return `${namespace}/${name}${version === undefined ? '' : `/${version}`}`;
}

function listOf(names: ReadonlySet<string>): string {
  return [...names].join(', ');
}
