/*
 * Text -> Definition: the door of the DSL front.
 *
 * Owns: the order of the steps (text, shape, meaning), the Definition and its identity, and how much
 * is reported. Never throws on bad input: what is wrong comes back as problems, what is merely worth
 * knowing as notes. A definition is there exactly when there are no problems.
 *
 * Invariants:
 *  L1 the hash is the SHA-256 of the canonical JSON of { document, resources }: comments, key order
 *     and the choice between YAML and JSON do not change it (PROTOCOL R21);
 *  L2 a Definition is immutable, and everything behind it may rely on the document model;
 *  L3 what cannot run in this release is a note here (`not-supported-yet`) and a refusal to run.
 */
import { canonicalJson } from '../wire/canonical-json.ts';
import { sha256Hex } from '../wire/hash.ts';
import { type Json, JsonError } from '../wire/json.ts';
import { checkDocument } from './check/index.ts';
import type { WorkflowDocument } from './document.ts';
import { validate } from './generated/validate-workflow.ts';
import { type Finding, type Locate, placeProblem, type Problem } from './problem.ts';
import { reduceErrors, type SchemaError } from './reduce.ts';
import { readSource } from './source.ts';
import type { Placed } from './source-tree.ts';
import { unsupportedFindings } from './unsupported.ts';

/** A validated workflow document with its identity. Immutable. */
export interface Definition {
  readonly document: WorkflowDocument;
  readonly namespace: string;
  readonly name: string;
  readonly version: string;
  /** Lower-case hex SHA-256 of `canonical`. */
  readonly hash: string;
  /** RFC 8785 canonical JSON of { document, resources }. */
  readonly canonical: string;
  /** Pinned external resources: URI -> content. */
  readonly resources: Readonly<Record<string, string>>;
  /** The file it was loaded from; `document` for documents from storage. */
  readonly file: string;
  /** The place of a part in the text it was loaded from; undefined for documents from storage. */
  readonly locate: Locate;
}

export interface LoadResult {
  /** There exactly when there are no problems. */
  readonly definition?: Definition;
  readonly problems: readonly Problem[];
  /** What is worth knowing and refuses nothing; `not-supported-yet` refuses running. */
  readonly notes: readonly Problem[];
}

/** Problems reported of one document; beyond it people start over anyway. */
const PROBLEMS_MAX = 100;

/** Loads YAML, or JSON when the name of the file says so. */
export function load(text: string, file: string): LoadResult {
  const { value, findings, locate } = readSource(text, file);
  const problems = findings.map((finding) => place(finding, locate, file));
  if (value === undefined) return result(problems, []);
  return judge(value, {}, problems, locate, file);
}

/** The same definition with what is outside of it: another definition, with a hash of its own. */
export function withResources(
  definition: Definition,
  resources: Readonly<Record<string, string>>,
): Definition {
  const canonical = canonicalJson({ document: definition.document as unknown as Json, resources });
  return Object.freeze({
    ...definition,
    hash: sha256Hex(canonical),
    canonical,
    resources: Object.freeze({ ...resources }),
  });
}

/** Makes a Definition of a document that comes as JSON, from storage or from a program. */
export function defineDocument(
  document: Json,
  resources: Readonly<Record<string, string>> = {},
  locate: Locate = () => undefined,
): LoadResult {
  const file = 'document';
  try {
    canonicalJson(document);
  } catch (error) {
    if (!(error instanceof JsonError || error instanceof RangeError)) throw error;
    const pointer = error instanceof JsonError ? error.pointer : '';
    const finding = { code: 'not-json', message: error.message, pointer, expected: 'JSON' };
    return result([placeProblem(finding, locate, file)], []);
  }
  return judge(document, resources, [], locate, file);
}

function judge(
  value: Json,
  resources: Readonly<Record<string, string>>,
  problems: Problem[],
  locate: Locate,
  file: string,
): LoadResult {
  const add = (finding: Finding): number => problems.push(placeProblem(finding, locate, file));
  if (!validate(value)) {
    // A value that could not be read stands as null or is left out: one mistake, reported already.
    const known = new Set(problems.map(({ pointer }) => pointer));
    const errors = (validate as { errors?: SchemaError[] | null }).errors ?? [];
    for (const finding of reduceErrors(errors)) if (!known.has(finding.pointer)) add(finding);
    return result(problems, []);
  }
  const document = value as unknown as WorkflowDocument;
  const verdict = checkDocument(document);
  verdict.problems.forEach(add);
  if (problems.length > 0) return result(problems, []);
  const notes = [...unsupportedFindings(document), ...verdict.notes].map((finding) =>
    placeProblem(finding, locate, file),
  );
  const canonical = canonicalJson({ document: value, resources });
  const { namespace, name, version } = document.document;
  const definition: Definition = Object.freeze({
    document: freeze(document),
    namespace,
    name,
    version,
    hash: sha256Hex(canonical),
    canonical,
    resources: Object.freeze({ ...resources }),
    file,
    locate,
  });
  return { definition, ...result([], notes) };
}

function place(finding: Placed, locate: Locate, file: string): Problem {
  const { place: known, ...rest } = finding;
  return placeProblem(rest, known === undefined ? locate : () => known, file);
}

/** In the order of the text, and no more than anyone reads. */
function result(problems: readonly Problem[], notes: readonly Problem[]): LoadResult {
  const inOrder = (list: readonly Problem[]): Problem[] =>
    list.toSorted((a, b) => a.line - b.line || a.column - b.column).slice(0, PROBLEMS_MAX);
  return { problems: inOrder(problems), notes: inOrder(notes) };
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const member of Object.values(value)) freeze(member);
  }
  return value;
}
