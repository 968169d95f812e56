/*
 * What an activity is asked for, compiled leaf by leaf.
 *
 * A leaf that reads $secrets is not evaluated with the others: its place in the arguments is null, and
 * a late leaf says what belongs there. It is evaluated at the call (late.ts), from definition text and
 * recorded variables, so that the value of a secret is never in a State or a record. Where the task's
 * input.from reads secrets itself, every leaf is such a leaf, for any of them may see what it gives.
 */
import type { Json } from '../../wire/json.ts';
import type { LateLeaf } from '../../wire/state.ts';
import { expressionOf } from '../expression.ts';
import { expandTemplate, isTemplate } from '../uri-template.ts';
import type { ExpressionCompiler, LeafTaker, Place } from './expression.ts';
import { EvaluationFault, type LatePlan, type Value } from './plan.ts';
import { readsClock } from './programs.ts';

export class RequestCompiler {
  private readonly expressions: ExpressionCompiler;
  private readonly names: readonly string[];
  private readonly secrets: readonly string[];
  /** the task's input.from, if it reads secrets */
  private readonly from: Json | undefined;
  private readonly leaves: LateLeaf[] = [];
  private readonly reads = new Set<string>();
  private readsInput = false;
  private readsNow: boolean;
  /** leaves that read $authorization wait as well: the activity resolves it */
  private readonly authorization: boolean;

  constructor(
    expressions: ExpressionCompiler,
    names: readonly string[],
    secrets: readonly string[],
    from: LateFrom | undefined,
    authorization = false,
  ) {
    this.expressions = expressions;
    this.names = names;
    this.secrets = secrets;
    this.from = from?.value;
    this.readsNow = from !== undefined && readsClock(JSON.stringify(from.value));
    this.authorization = authorization;
    for (const name of from?.reads ?? []) this.reads.add(name);
  }

  /** A free-form value that stands at `at` (JSON pointer) in the arguments. */
  free(value: Json, pointer: string, at: string): Value {
    return this.expressions.free(value, pointer, 'request', this.names, this.taker(pointer, at));
  }

  /** A URI template, or an expression that gives a URI. */
  uri(text: string, pointer: string, at: string): Value {
    if (expressionOf(text, 'free') !== undefined) return this.free(text, pointer, at);
    // in loose mode it may be an expression still
    if (!isTemplate(text)) return this.free(text, pointer, at);
    if (this.from !== undefined) {
      this.leaves.push({ at, text, template: true });
      this.readsInput = true;
      return () => null;
    }
    return (input) => expanded(text, input, pointer);
  }

  /** Fields that come from the secret of that name. */
  secret(name: string, at: string): Value {
    this.leaves.push({ at, text: `$secrets[${JSON.stringify(name)}]` });
    return () => null;
  }

  get late(): LatePlan | undefined {
    const { leaves, secrets, reads, readsInput, readsNow, from } = this;
    if (leaves.length === 0) return undefined;
    const loose = this.expressions.mode === 'loose';
    return { leaves, secrets, reads: [...reads], readsInput, readsNow, loose, from };
  }

  private taker(pointer: string, at: string): LeafTaker {
    return (leaf, text, { reads, readsInput }) => {
      const waits =
        this.from !== undefined ||
        reads.has('secrets') ||
        (this.authorization && reads.has('authorization'));
      if (!waits) return false;
      this.leaves.push({ at: at + leaf.slice(pointer.length), text });
      for (const name of reads) {
        if (name === 'secrets' || name === 'authorization') continue;
        // what input.from gives is known at the call only
        if (name === 'input' && this.from !== undefined) this.readsInput = true;
        else this.reads.add(name);
      }
      if (readsInput || this.from !== undefined) this.readsInput = true;
      if (readsClock(text)) this.readsNow = true;
      return true;
    };
  }
}

/** An input.from that reads secrets. */
export interface LateFrom {
  readonly value: Json;
  /** variables that it reads besides $secrets */
  readonly reads: readonly string[];
}

/** The evaluator of an input.from, or the form in which it waits for the call because it reads secrets. */
export function compileFrom(
  expressions: ExpressionCompiler,
  from: Json,
  pointer: string,
  names: readonly string[],
): { readonly value: Value } | { readonly late: LateFrom } {
  const place: Place = 'requestInput';
  const seen = new Set<string>();
  let late = false;
  const value = expressions.value(from, pointer, place, names, (_leaf, _text, { reads }) => {
    for (const name of reads) seen.add(name);
    if (reads.has('secrets')) late = true;
    return false;
  });
  if (!late) return { value };
  seen.delete('secrets');
  return { late: { value: from, reads: [...seen] } };
}

export function expanded(template: string, input: Json, pointer: string): string {
  try {
    return expandTemplate(template, input);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new EvaluationFault('expression', error.message, pointer);
  }
}
