/*
 * Pools: whose places an activity needs to be under way (metadata.limit). A pool is known by where its
 * limit is written, without the positions in lists, so that it is one and the same for all calls of a
 * function and for all versions of a workflow.
 */
import type { WorkflowDocument } from '../document.ts';
import type { Place } from './library.ts';

/** So many activities at once, in each runner. */
export interface Pool {
  readonly name: string;
  readonly max: number;
}

/** What the activity of a task that stands at `place` needs a place in, the narrowest first. */
export function poolsOf(
  { document }: WorkflowDocument,
  max: number | undefined,
  { pointer, source }: Place,
): readonly Pool[] {
  const workflow = `${document.namespace}/${document.name}`;
  const pools: Pool[] = [];
  if (max !== undefined) {
    const at = pointer.replaceAll(POSITION, '$1');
    pools.push({ name: `${workflow} ${source?.file ?? ''}#${at}`, max });
  }
  const all = document.metadata?.limit?.max;
  if (all !== undefined) pools.push({ name: workflow, max: all });
  return pools;
}

/** The position of a task in its list. */
const POSITION = /(\/(?:do|try|branches|before|after))\/\d+(?=\/)/g;
