/* What a workflow file refers to outside itself, read before it is deployed; addresses may be relative to it. */
import type { Definition } from '../dsl/index.ts';
import { pinned, PinFailed } from '../presets/pin.ts';
import { pinOptions, type ResourceOptions } from './pin-options.ts';
import { UserError } from './user-error.ts';
import { renderProblem } from './validate.ts';

/** Throws a UserError that shows every place whose resource cannot be had. */
export async function withItsResources(
  definition: Definition,
  file: string,
  text: string | undefined,
  options: ResourceOptions = {},
): Promise<Definition> {
  try {
    return await pinned(definition, pinOptions(file, options));
  } catch (error) {
    if (!(error instanceof PinFailed)) throw error;
    const shown = error.problems.map((problem) =>
      renderProblem(problem, problem.file === definition.file ? text : undefined),
    );
    throw new UserError(shown.join('\n'));
  }
}
