/*
 * Collects everything that a workflow refers to, and what those resources refer to in turn: whoever can
 * read addresses asks what is `missing` and gives the texts, until nothing is. Knows no network.
 *
 * Of an OpenAPI document only what its called operations need is kept: it is large, and mostly about
 * other things.
 */
import { type Definition, withResources } from '../load.ts';
import { OpenApiFault, readOpenApi, trimmed } from '../openapi/index.ts';
import { type Finding, type Locate, placeProblem, type Problem } from '../problem.ts';
import { loadFunction } from './function-file.ts';
import { externalResources, type ResourceReference } from './references.ts';

/** Characters of all resources of one definition: with the document they must fit where it is stored. */
const PINNED_CHARS_MAX = 2 * 1024 * 1024;
/** Resources of one definition: functions may refer to functions without an end. */
const RESOURCES_MAX = 200;

/** A reference, and the file that it stands in. */
interface Wanted {
  readonly reference: ResourceReference;
  readonly locate: Locate;
  readonly file: string;
}

export interface Conclusion {
  /** There exactly when there are no problems. */
  readonly definition?: Definition;
  readonly problems: readonly Problem[];
  /** what was left unread */
  readonly notes: readonly Problem[];
}

export class Pinning {
  private readonly definition: Definition;
  private readonly wanted = new Map<string, Wanted[]>();
  private readonly texts = new Map<string, { readonly text: string; readonly address: string }>();
  private readonly closed = new Set<string>();
  private readonly found: Problem[] = [];
  private readonly left: Problem[] = [];

  constructor(definition: Definition) {
    const { document, file, locate } = definition;
    this.definition = definition;
    this.want(externalResources(document), locate, file);
  }

  /** What is to be read next, each name once; empty when nothing is missing any more. */
  get missing(): readonly ResourceReference[] {
    return [...this.wanted]
      .filter(([uri]) => !this.closed.has(uri))
      .map(([, references]) => references[0]!.reference);
  }

  /** The text behind `uri`, and where it was. */
  give(uri: string, text: string, address: string): void {
    this.closed.add(uri);
    this.texts.set(uri, { text, address });
    const references = this.wanted.get(uri) ?? [];
    if (!references.some(({ reference }) => reference.kind === 'function')) return;
    const { problems, references: more, locate } = loadFunction(text, uri, this.use);
    this.found.push(...problems);
    this.want(more, locate, uri);
  }

  /** `uri` is not read now: noted wherever it is asked for. */
  leave(uri: string): void {
    this.closed.add(uri);
    const message = `${uri} is not read here: it is when the workflow is deployed`;
    const finding = { code: 'resource-not-read', message, expected: 'a resource that can be read' };
    this.left.push(...this.placed(uri, finding));
  }

  /** `uri` cannot be had: said wherever it is asked for. */
  refuse(uri: string, why: string, hint?: string): void {
    this.closed.add(uri);
    const expected = 'a resource that can be read when the workflow is deployed';
    const message = `${uri} cannot be read: ${why}`;
    const more = hint === undefined ? {} : { hint };
    this.found.push(...this.placed(uri, { code: 'resource', message, expected, ...more }));
  }

  /** The Definition with what has been given, or what is wrong. Its identity is that of all of it. */
  conclude(): Conclusion {
    const { definition } = this;
    const resources: Record<string, string> = { ...definition.resources };
    for (const [uri, { text, address }] of this.texts) {
      const kept = this.keptOf(uri, text, address);
      if (kept !== undefined) resources[uri] = kept;
    }
    const size = Object.values(resources).reduce((sum, text) => sum + text.length, 0);
    if (size > PINNED_CHARS_MAX) {
      const message = `all that the workflow refers to has ${size} characters, at most ${PINNED_CHARS_MAX} can be stored with it`;
      const { file, locate } = definition;
      const finding = { code: 'too-large', message, pointer: '', expected: 'smaller resources' };
      this.found.push(placeProblem(finding, locate, file));
    }
    const notes = this.left;
    if (this.found.length > 0) return { problems: this.found.toSorted(inOrder), notes };
    const whole = this.texts.size === 0 ? definition : withResources(definition, resources);
    return { definition: whole, problems: [], notes };
  }

  private get use(): Definition['document']['use'] {
    return this.definition.document.use;
  }

  private keptOf(uri: string, text: string, address: string): string | undefined {
    const references = this.wanted.get(uri) ?? [];
    const operations = references.flatMap(({ reference }) => reference.operation ?? []);
    if (operations.length === 0) return text;
    try {
      return trimmed(readOpenApi(text), operations, address);
    } catch (error) {
      if (!(error instanceof OpenApiFault)) throw error;
      this.refuse(uri, error.message, error.hint);
      return undefined;
    }
  }

  private want(references: readonly ResourceReference[], locate: Locate, file: string): void {
    for (const reference of references) {
      const { uri } = reference;
      if (Object.hasOwn(this.definition.resources, uri)) continue;
      const others = this.wanted.get(uri);
      if (others !== undefined) others.push({ reference, locate, file });
      else {
        this.wanted.set(uri, [{ reference, locate, file }]);
        if (this.wanted.size > RESOURCES_MAX) {
          this.refuse(
            uri,
            `the workflow and its functions refer to more than ${RESOURCES_MAX} resources`,
          );
        }
      }
    }
  }

  private placed(uri: string, finding: Omit<Finding, 'pointer'>): Problem[] {
    return (this.wanted.get(uri) ?? []).map(({ reference, locate, file }) => {
      const { pointer } = reference;
      return placeProblem({ ...finding, pointer }, locate, file);
    });
  }
}

function inOrder(a: Problem, b: Problem): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}
