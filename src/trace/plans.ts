/*
 * Plans of the definitions in a trace, and of those that are tried in their places. Compiled once each.
 */
import { compilePlan, defineDocument, type Plan, type SchemaCompiler } from '../dsl/index.ts';
import type { DefinitionRef, TraceDefinition } from '../wire/index.ts';
import type { ReplayPlans } from './replay.ts';

export class TracePlans implements ReplayPlans {
  private readonly definitions: ReadonlyMap<string, TraceDefinition>;
  private readonly schemas: SchemaCompiler;
  private readonly instead: ReadonlyMap<string, Plan>;
  private readonly compiled = new Map<string, Plan | string>();

  /** `instead`: plans by namespace/name, for whatever version the trace has of them. */
  constructor(
    definitions: ReadonlyMap<string, TraceDefinition>,
    schemas: SchemaCompiler,
    instead: ReadonlyMap<string, Plan> = new Map(),
  ) {
    this.definitions = definitions;
    this.schemas = schemas;
    this.instead = instead;
  }

  /** The plan to be tried for a recorded definition; its own where nothing is tried for it. */
  readonly of = (hash: string): Plan | string => {
    const definition = this.definitions.get(hash);
    const instead = definition && this.instead.get(nameOf(definition));
    return instead ?? this.recorded(hash);
  };

  /** The plan that was followed when it was recorded. */
  recorded(hash: string): Plan | string {
    let known = this.compiled.get(hash);
    if (known === undefined) {
      const definition = this.definitions.get(hash);
      if (definition === undefined) {
        return `the trace does not have the definition ${hash.slice(0, 12)}`;
      }
      this.compiled.set(hash, (known = compiled(definition, this.schemas)));
    }
    return known;
  }

  /** Whether another plan stands in for that definition. */
  isTried(hash: string): boolean {
    const definition = this.definitions.get(hash);
    return definition !== undefined && this.instead.has(nameOf(definition));
  }

  readonly named = (ref: DefinitionRef, hashes: ReadonlySet<string>): Plan | undefined => {
    const instead = this.instead.get(nameOf(ref));
    if (instead !== undefined) return instead;
    const known = [...this.definitions.values()].filter(
      (one) =>
        nameOf(one) === nameOf(ref) && (ref.version === undefined || ref.version === one.version),
    );
    const found = known.find(({ hash }) => hashes.has(hash)) ?? known.at(-1);
    const plan = found && this.recorded(found.hash);
    return typeof plan === 'string' ? undefined : plan;
  };
}

function compiled(definition: TraceDefinition, schemas: SchemaCompiler): Plan | string {
  const { document, hash, name, resources } = definition;
  const loaded = defineDocument(JSON.parse(document), resources);
  if (loaded.definition === undefined) {
    return `the definition ${name} ${hash.slice(0, 12)} cannot be read: ${loaded.problems[0]?.message}`;
  }
  const { plan, problems } = compilePlan(loaded.definition, schemas);
  return plan ?? `the definition ${name} cannot run here: ${problems[0]?.message}`;
}

function nameOf({
  namespace,
  name,
}: {
  readonly namespace: string;
  readonly name: string;
}): string {
  return `${namespace}/${name}`;
}
