/*
 * Where a mark may stand (PROTOCOL.md R10, R20), so that who begins to read there counts takeovers like
 * who has read everything.
 *
 * A CARRY says how often its record was counted by the tenures before. Of the tenure that carries it, the
 * last MARK counts (takeovers.ts), and that may stand between the first copy and the carried one. A mark
 * between the two would hide both: the reader would know neither that the record was listed nor that it
 * was written after the list. So the mark stays at that MARK, until there is another.
 */
import type { Position } from './validity.ts';

export class MarkPlaces {
  /** CLAIMs and MARKs that were read since the last mark, which is the first; in order */
  private readonly places: Position[];

  /** Reading begins at a mark. */
  constructor(from: Position) {
    this.places = [from];
  }

  /** A CLAIM or a MARK stands at `at`. */
  passed(at: Position): void {
    this.places.push(at);
  }

  /**
   * The highest place of a mark that must not pass `at`. `carried`: something that is open stands at `at` or
   * above, and stood below before.
   */
  upTo(at: Position, carried: boolean): Position {
    const { places } = this;
    const last = places.findLastIndex(({ offset }) => offset <= at.offset);
    const place = carried ? (places[last] ?? at) : at;
    // Nobody asks for an earlier one again: a mark only goes on.
    places.splice(0, last + 1, place);
    return place;
  }
}
