/*
 * Plans by Definition hash, compiled once per runner (PROTOCOL.md R21). Definitions are immutable, so
 * nothing here is ever out of date; what is not known yet is asked for again.
 */
import {
  compilePlan,
  type Definition,
  defineDocument,
  type Plan,
  type SchemaCompiler,
} from '../dsl/index.ts';
import type { Definitions, StoredDefinition } from '../ports/index.ts';
import { canonicalJson, type DefinitionRef, type Json } from '../wire/index.ts';

export type PlanAnswer =
  | { readonly plan: Plan }
  /** nobody has deployed it, so far */
  | { readonly unknown: true }
  /** it is there, and this build cannot run it: another one could when it was deployed (R21) */
  | { readonly unfit: string };

/** Makes a Plan of a stored Definition, or says why this build cannot. The same answer for the same hash. */
export type PlanCompiler = (
  stored: StoredDefinition,
) => { readonly plan: Plan } | { readonly unfit: string };

export class Plans {
  private readonly definitions: Definitions;
  private readonly compile: PlanCompiler;
  private readonly known = new Map<string, PlanAnswer>();
  private readonly complain: (said: string) => void;

  /** `complain`: told once of each Definition that this build cannot run; runs of it wait for another. */
  constructor(
    definitions: Definitions,
    compile: PlanCompiler,
    complain: (said: string) => void = () => undefined,
  ) {
    this.definitions = definitions;
    this.compile = compile;
    this.complain = complain;
  }

  /** The plan if it is here already. */
  cached(hash: string): PlanAnswer | undefined {
    return this.known.get(hash);
  }

  /** Asks the Definitions; `then` is called later, with what is known by then. */
  get(hash: string, then: (answer: PlanAnswer) => void, failed: () => void): void {
    this.definitions.get(hash).then((stored) => then(this.compiled(stored)), failed);
  }

  find(ref: DefinitionRef, then: (answer: PlanAnswer) => void, failed: () => void): void {
    this.definitions.find(ref).then((stored) => then(this.compiled(stored)), failed);
  }

  private compiled(stored: StoredDefinition | undefined): PlanAnswer {
    if (stored === undefined) return { unknown: true };
    const known = this.known.get(stored.hash);
    if (known !== undefined) return known;
    const answer = this.attempt(stored);
    this.known.set(stored.hash, answer);
    if ('unfit' in answer) {
      const { namespace, name, version } = stored;
      this.complain(
        `this build cannot run ${namespace}/${name}/${version}: ${answer.unfit}; runs of it wait for a build that can`,
      );
    }
    return answer;
  }

  /** No document may end the process (P10). */
  private attempt(stored: StoredDefinition): PlanAnswer {
    try {
      return this.compile(stored);
    } catch (error) {
      return { unfit: error instanceof Error ? error.message : String(error) };
    }
  }
}

/** The compiler of this build; `schemas` compiles the JSON Schemas in a document. */
export function planCompiler(schemas: SchemaCompiler): PlanCompiler {
  return (stored) => {
    const loaded = defineDocument(JSON.parse(stored.document), stored.resources);
    if (loaded.definition === undefined) {
      return { unfit: loaded.problems[0]?.message ?? 'it is not a valid document' };
    }
    const missing = loaded.notes.find(({ code }) => code === 'not-supported-yet');
    if (missing !== undefined) return { unfit: missing.message };
    const { plan, problems } = compilePlan(loaded.definition, schemas);
    return plan === undefined ? { unfit: problems[0]!.message } : { plan };
  };
}

/** A Definition as it is put where all runners find it. */
export function storedDefinition(definition: Definition): StoredDefinition {
  const { hash, namespace, name, version, document, resources } = definition;
  return {
    hash,
    namespace,
    name,
    version,
    document: canonicalJson(document as unknown as Json),
    resources,
  };
}
