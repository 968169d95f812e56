/* Whether a workflow has anything to do with events. Oracles ask, too: nothing here may know the engine. */
import type { Definition } from '../../dsl/load.ts';
import { canonicalJson, type Json } from '../../wire/index.ts';

/** What a document says that listens, or has a schedule by events. */
const LISTENS = /"(?:listen|on)":\{/;

/** Whether its runs may hear events, or be begun by them. */
export function listens({ document }: Pick<Definition, 'document'>): boolean {
  return LISTENS.test(canonicalJson(document as unknown as Json));
}
