/*
 * What the schema cannot say: names, references, flow, events, durations, expressions.
 *
 * Checks run on documents that have passed the schema. Each returns findings; a check that refuses
 * goes to `problems`, one that informs to `notes`.
 */
import type { WorkflowDocument } from '../document.ts';
import type { Finding } from '../problem.ts';

export interface Verdict {
  readonly problems: readonly Finding[];
  readonly notes: readonly Finding[];
}

export function checkDocument(_document: WorkflowDocument): Verdict {
  return { problems: [], notes: [] };
}
