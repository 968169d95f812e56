/* What a workflow file refers to outside itself, read before it is deployed; addresses may be relative to it. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Definition } from '../dsl/index.ts';
import { pinned, PinFailed } from '../presets/pin.ts';
import { UserError } from './user-error.ts';
import { renderProblem } from './validate.ts';

/** Throws a UserError that shows every place whose resource cannot be had. */
export async function withItsResources(
  definition: Definition,
  file: string,
  text: string | undefined,
): Promise<Definition> {
  try {
    return await pinned(definition, { base: pathToFileURL(resolve(file)).href });
  } catch (error) {
    if (!(error instanceof PinFailed)) throw error;
    throw new UserError(error.problems.map((problem) => renderProblem(problem, text)).join('\n'));
  }
}
