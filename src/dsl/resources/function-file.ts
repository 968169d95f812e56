/*
 * A function that stands in a file of its own: one task, as use.functions has them. What it refers to by
 * name is meant in the `use` of the workflow that calls it.
 */
import { checkDocument } from '../check/index.ts';
import type { Task, Use, WorkflowDocument } from '../document.ts';
import { validate } from '../generated/validate-workflow.ts';
import { type Finding, type Locate, placeProblem, type Problem } from '../problem.ts';
import { reduceErrors, type SchemaError } from '../reduce.ts';
import { readSource } from '../source.ts';
import { unsupportedFindings } from '../unsupported.ts';
import type { Json } from '../../wire/json.ts';
import { externalResources, type ResourceReference } from './references.ts';

export interface FunctionFile {
  /** There exactly when there are no problems. */
  readonly task?: Task;
  readonly problems: readonly Problem[];
  /** What it refers to itself; pointers are those of the file. */
  readonly references: readonly ResourceReference[];
  readonly locate: Locate;
}

const HEAD = { dsl: '1.0.3', namespace: 'function', name: 'function', version: '1.0.0' };
/** Where the function stands in the workflow that is made around it to check it. */
const PLACE = '/do/0/function';

export function loadFunction(text: string, uri: string, use: Use | undefined): FunctionFile {
  const { value, findings, locate } = readSource(text, uri);
  const nothing = { references: [], locate };
  if (value === undefined || findings.length > 0) {
    const problems = findings.map(({ place, ...finding }) =>
      placeProblem(finding, place === undefined ? locate : () => place, uri),
    );
    return { ...nothing, problems };
  }
  const around = {
    document: HEAD,
    ...(use === undefined ? {} : { use: use as unknown as Json }),
    do: [{ function: value }],
  };
  const problems = found(around).flatMap((finding) => {
    if (!finding.pointer.startsWith(PLACE)) return [];
    const pointer = finding.pointer.slice(PLACE.length);
    return [placeProblem({ ...finding, pointer }, locate, uri)];
  });
  if (problems.length > 0) return { ...nothing, problems };
  const { use: _, ...alone } = around;
  const references = externalResources(alone as unknown as WorkflowDocument, uri, use).map(
    (reference) => ({ ...reference, pointer: reference.pointer.slice(PLACE.length) }),
  );
  return { task: value as unknown as Task, problems, references, locate };
}

function found(around: Json): Finding[] {
  if (!validate(around)) {
    return reduceErrors((validate as { errors?: SchemaError[] | null }).errors ?? []);
  }
  const document = around as unknown as WorkflowDocument;
  return [...checkDocument(document).problems, ...unsupportedFindings(document)];
}
