/* What begins in a unit, until a step of it has accounted for it (Y2). */
import type { Placed } from './places.ts';
import type { HopBody } from './shape.ts';

/** First records of strands in a unit, each of which one step must account for. */
export class Begun {
  /** not all is known of what may have begun others */
  perhapsMore = false;
  private readonly open = new Map<string, { readonly record: Placed; readonly body: HopBody }>();

  constructor(hops: readonly { readonly record: Placed; readonly body: HopBody }[]) {
    for (const hop of hops) {
      const { run, strand } = hop.record.header;
      this.open.set(`${run} ${strand}`, hop);
    }
  }

  take(
    run: string,
    strand: string,
  ): { readonly record: Placed; readonly body: HopBody } | undefined {
    const key = `${run} ${strand}`;
    const found = this.open.get(key);
    this.open.delete(key);
    return found;
  }

  left(): Iterable<{ readonly record: Placed; readonly body: HopBody }> {
    return this.open.values();
  }
}
