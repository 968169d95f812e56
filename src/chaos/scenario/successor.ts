/*
 * The next version of a workflow, for worlds in which it is deployed while runs of the first are under
 * way (P8, O22): it does the same, one step later. So whoever takes a State of one for a State of the
 * other goes on at a wrong place, and what the services see says so.
 */
import { type Definition, defineDocument } from '../../dsl/index.ts';
import type { Json, JsonObject } from '../../wire/json.ts';

/** Undefined: it has a schedule, whose versions follow each other in another way, or files of its own. */
export function successorOf({ canonical, resources }: Definition): Definition | undefined {
  const { document } = JSON.parse(canonical) as { document: JsonObject };
  if (document['schedule'] !== undefined || Object.keys(resources).length > 0) return undefined;
  const about = document['document'] as JsonObject;
  const version = next(about['version'] as string);
  const first: Json = { asNewVersion: { set: '${ . }' } };
  const { definition } = defineDocument(
    { ...document, document: { ...about, version }, do: [first, ...(document['do'] as Json[])] },
    {},
    () => undefined,
  );
  return definition;
}

/** The next patch of a semantic version. */
function next(version: string): string {
  const [core = ''] = version.split(/[-+]/);
  const [major = '1', minor = '0', patch = '0'] = core.split('.');
  return `${major}.${minor}.${Number(patch) + 1}`;
}
