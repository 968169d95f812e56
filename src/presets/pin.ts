/*
 * Reads what a definition refers to outside itself and makes it part of the definition (PROTOCOL.md R21),
 * so that its runs never depend on what an address says later.
 *
 * Of an OpenAPI document only what its called operations need is kept: it is large, and mostly about
 * other things.
 */
import { systemResources } from '../adapters/system/index.ts';
import {
  type Definition,
  externalResources,
  type Finding,
  OpenApiFault,
  placeProblem,
  type Problem,
  readOpenApi,
  type ResourceReference,
  trimmed,
  unsupported,
  withResources,
} from '../dsl/index.ts';
import type { Resources } from '../ports/index.ts';

/** Characters of all resources of one definition: with the document they must fit where it is stored. */
const PINNED_CHARS_MAX = 2 * 1024 * 1024;

export interface PinOptions {
  /** default: over HTTP and from files */
  readonly resources?: Resources;
  /** URI to which relative addresses are relative; without it there are none */
  readonly base?: string;
}

/** A resource cannot be had, or is not what it should be; `problems` name the places. */
export class PinFailed extends Error {
  override readonly name = 'PinFailed';
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super(problems.map(({ message }) => message).join('; '));
    this.problems = problems;
  }
}

/** The definition with all its resources: itself if it needs none, or has them. Rejects with PinFailed. */
export async function pinned(
  definition: Definition,
  options: PinOptions = {},
): Promise<Definition> {
  const { document, file, locate, resources: known } = definition;
  // What cannot run is refused for what it is; catalogs are no resources, but places of some.
  if (unsupported(document).length > 0) return definition;
  const missing = externalResources(document).filter(({ uri }) => !Object.hasOwn(known, uri));
  if (missing.length === 0) return definition;
  const findings: Finding[] = [];
  const texts = await Promise.all(
    [...Map.groupBy(missing, ({ uri }) => uri)].map(async ([uri, references]) => {
      try {
        return [[uri, await contentOf(uri, references, options)] as const];
      } catch (error) {
        findings.push(...references.map((one) => refusal(one, error)));
        return [];
      }
    }),
  );
  const found = { ...known, ...Object.fromEntries(texts.flat()) };
  const size = Object.values(found).reduce((sum, text) => sum + text.length, 0);
  if (size > PINNED_CHARS_MAX) {
    const message = `all that the workflow refers to has ${size} characters, at most ${PINNED_CHARS_MAX} can be stored with it`;
    findings.push({ code: 'too-large', message, pointer: '', expected: 'smaller resources' });
  }
  if (findings.length === 0) return withResources(definition, found);
  throw new PinFailed(findings.map((finding) => placeProblem(finding, locate, file)));
}

async function contentOf(
  uri: string,
  references: readonly ResourceReference[],
  { base, resources = systemResources }: PinOptions,
): Promise<string> {
  if (references.some(({ authenticated }) => authenticated)) {
    throw new Error('reading it would need credentials, which a deployment does not have');
  }
  const address = URL.parse(uri, base);
  if (address === null) throw new Error('the address is relative, and nothing says to what');
  if (address.hash !== '') throw new Error('the address names a part (#); name the whole');
  const text = await resources.read(address.href);
  const operations = references.flatMap(({ operation }) => operation ?? []);
  return operations.length === 0 ? text : trimmed(readOpenApi(text), operations, address.href);
}

function refusal({ pointer, uri }: ResourceReference, error: unknown): Finding {
  const why = error instanceof Error ? error.message : String(error);
  return {
    code: 'resource',
    message: `${uri} cannot be read: ${why}`,
    pointer,
    expected: 'a resource that can be read when the workflow is deployed',
    ...(error instanceof OpenApiFault && error.hint !== undefined ? { hint: error.hint } : {}),
  };
}
