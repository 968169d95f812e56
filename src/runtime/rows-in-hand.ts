/*
 * Rows that are on their way from the Store to a batch, and those that are resumed meanwhile. What the
 * Store has answered may be older than the Log; once a RESUME is folded, nothing else says so.
 *
 * H1. A row that is resumed between the question and the batch is brought back by nobody else.
 */

export interface RowInHand {
  /** a RESUME of it is known valid */
  resumed: boolean;
}

export class RowsInHand {
  private readonly rows = new Map<number, RowInHand>();
  private readonly questions = new Set<Set<number>>();

  /**
   * A question about rows is asked; what is resumed until it is answered is put into the set, beside what
   * is resumed already and not folded: the Store may answer with it, and fold it right after.
   */
  asked(unfolded: Iterable<number>): ReadonlySet<number> {
    const since = new Set(unfolded);
    this.questions.add(since);
    return since;
  }

  answered(since: ReadonlySet<number>): void {
    this.questions.delete(since as Set<number>);
  }

  /** Somebody will make a unit of the row. */
  take(identity: number): RowInHand {
    let row = this.rows.get(identity);
    if (row === undefined) this.rows.set(identity, (row = { resumed: false }));
    return row;
  }

  /** A RESUME of these rows is known valid. */
  resumed(identities: readonly number[]): void {
    if (this.rows.size === 0 && this.questions.size === 0) return;
    for (const identity of identities) {
      const row = this.rows.get(identity);
      if (row !== undefined) row.resumed = true;
      this.rows.delete(identity);
      for (const since of this.questions) since.add(identity);
    }
  }
}
