/* What is deployed can be run by the build that deploys it: runs of anything else would wait for another. */
import type { Definition } from '../dsl/index.ts';
import type { StoredDefinition } from '../ports/index.ts';
import { planCompiler, storedDefinition } from '../runtime/index.ts';
import { prepareSchemas, schemas } from './schemas.ts';

export class CannotRun extends Error {
  override readonly name = 'CannotRun';
}

/** As it is put where runners find it. Rejects with CannotRun. */
export async function deployable(definition: Definition): Promise<StoredDefinition> {
  await prepareSchemas(definition);
  const stored = storedDefinition(definition);
  const compiled = planCompiler(schemas)(stored);
  if ('plan' in compiled) return stored;
  const { namespace, name, version } = definition;
  throw new CannotRun(`${namespace}/${name}/${version} cannot be deployed: ${compiled.unfit}`);
}
