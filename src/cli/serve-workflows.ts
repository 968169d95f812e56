/*
 * The workflows and functions that a server brings along, checked as a whole before anything is opened:
 * every document must load, compile and find its functions, or none is deployed.
 */
import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { FunctionsModuleError, type HostFunctions, loadFunctions } from '../activities/function.ts';
import type { Definition } from '../dsl/index.ts';
import { prepareSchemas, schemas } from '../presets/schemas.ts';
import { planCompiler, storedDefinition } from '../runtime/index.ts';
import type { ResourceOptions } from './pin-options.ts';
import { withItsResources } from './resources.ts';
import { UserError } from './user-error.ts';
import { readWorkflow, renderProblem } from './validate.ts';

export async function readFunctions(module: string | undefined): Promise<HostFunctions> {
  if (module === undefined) return {};
  try {
    return await loadFunctions(resolve(module));
  } catch (error) {
    if (error instanceof FunctionsModuleError) throw new UserError(error.message);
    throw error;
  }
}

/** In the order of their file names. Throws a UserError that names every mistake; no functions = any are there. */
export async function readWorkflows(
  folder: string | undefined,
  functions: HostFunctions | undefined,
  options: ResourceOptions = {},
): Promise<readonly Definition[]> {
  if (folder === undefined) return [];
  const mistakes: string[] = [];
  const found = new Map<string, { readonly definition: Definition; readonly file: string }>();
  for (const file of documents(folder)) {
    const { definition: given, problems, notes, text } = readWorkflow(file);
    if (text !== undefined && !looksLikeWorkflow(text)) continue;
    const refusals =
      problems.length > 0 ? problems : notes.filter(({ code }) => code === 'not-supported-yet');
    if (given === undefined || refusals.length > 0) {
      mistakes.push(...refusals.map((problem) => renderProblem(problem, text)));
      continue;
    }
    const definition = await withItsResources(given, file, text, options).catch(
      (error: unknown) => {
        if (!(error instanceof UserError)) throw error;
        mistakes.push(error.message);
      },
    );
    if (definition === undefined) continue;
    const { namespace, name, version } = definition;
    const identity = `${namespace}/${name}/${version}`;
    const other = found.get(identity);
    if (other !== undefined && other.definition.hash !== definition.hash) {
      mistakes.push(`${file}: ${identity} is also in ${other.file}, with another content`);
    }
    found.set(identity, { definition, file });
    const missing = await missingFunctions(definition, functions);
    if (missing !== undefined) mistakes.push(`${file}: ${missing}`);
  }
  if (mistakes.length > 0) throw new UserError(mistakes.join('\n'));
  if (found.size === 0) throw new UserError(`${folder}: there is no workflow in this directory`);
  return [...found.values()].map(({ definition }) => definition);
}

function documents(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter(
        (name) => /\.(?:ya?ml|json)$/i.test(name) && !/(?:^|[\\/])(?:node_modules|\.)/.test(name),
      )
      .toSorted()
      .map((name) => join(folder, name));
  } catch (error) {
    const { code = 'EIO' } = error as NodeJS.ErrnoException;
    const why =
      code === 'ENOENT'
        ? 'there is no such directory'
        : code === 'ENOTDIR'
          ? 'this is not a directory'
          : code;
    throw new UserError(`${folder}: ${why}`);
  }
}

/** Other YAML may lie beside workflows. */
function looksLikeWorkflow(text: string): boolean {
  return /(?:^|[{,\s])["']?document["']?\s*:/.test(text);
}

/** Better before the first run than in the middle of one. */
async function missingFunctions(
  definition: Definition,
  functions: HostFunctions | undefined,
): Promise<string | undefined> {
  await prepareSchemas(definition);
  const compiled = planCompiler(schemas)(storedDefinition(definition));
  if ('unfit' in compiled) return compiled.unfit;
  if (functions === undefined) return undefined;
  const missing = compiled.plan.functions.filter((name) => !Object.hasOwn(functions, name));
  if (missing.length === 0) return undefined;
  const names = missing.map((name) => JSON.stringify(name)).join(', ');
  return `it calls ${names}, which ${missing.length === 1 ? 'is' : 'are'} not among the functions (--functions MODULE)`;
}
