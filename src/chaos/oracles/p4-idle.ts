/*
 * P4: nobody whose time has come waits while nothing else is done.
 *
 * After a fault a timer may be late, and where there is little room it waits until others have left. But where
 * nothing goes wrong, no service is at work and no record is written, there is nothing to wait for. Such a world
 * is judged from its first moment on, and not from when it is healed, as p4-timers does.
 */
import type { Entry } from './log-reading.ts';
import { at, type Oracle, type View } from './oracle.ts';
import { LATENESS_MAX_MS } from './p4-timers.ts';

export const notIdle: Oracle = {
  name: 'p4-idle',
  promise: 'P4',
  says: 'where nothing goes wrong, what is due does not wait beside an owner that does nothing',
  check(view, verdict) {
    const { history, reading } = view;
    if (history.fired.length > 0 || history.strangers !== undefined) return;
    let busy: readonly Span[] | undefined;
    for (const { parkings } of reading.partitions) {
      for (const { park, resumedBy } of parkings.values()) {
        const due = dueOf(park);
        if (due === undefined) continue;
        const until = resumedBy?.records[0]?.landed ?? history.endedAt;
        verdict.checked += 1;
        if (until - due <= LATENESS_MAX_MS) continue;
        const idle = idleFrom(due, until, (busy ??= busyIn(view)));
        if (idle === undefined) continue;
        verdict.violation(
          `${park.named} (run ${park.header.run}) was due at ${due}, and waited while nothing was done from ${idle.from} to ${idle.to}`,
          at(park),
        );
      }
    }
  },
};

/** From when to when, ms. */
interface Span {
  readonly from: number;
  readonly to: number;
}

/** When time alone brings it back. */
function dueOf({ body }: Entry): number | undefined {
  if (body.kind !== 'PARK' || body.why === 'suspend' || body.why === 'dead') return undefined;
  return body.due;
}

/** When a record was written that is somebody's work, and when services were, in order. */
function busyIn({ history, reading }: View): readonly Span[] {
  const spans: Span[] = [];
  for (const { entries } of reading.partitions) {
    for (const { header, landed } of entries) {
      if (header.kind !== 'MARK') spans.push({ from: landed, to: landed });
    }
  }
  for (const { at: from, leftAt } of history.ledger) {
    spans.push({ from, to: leftAt ?? history.endedAt });
  }
  return spans.sort((a, b) => a.from - b.from);
}

/** The first time of so long in which nothing is done. */
function idleFrom(due: number, until: number, busy: readonly Span[]): Span | undefined {
  let from = due;
  for (const span of busy) {
    if (span.from > until) break;
    if (span.from - from > LATENESS_MAX_MS) return { from, to: span.from };
    from = Math.max(from, span.to);
  }
  return until - from > LATENESS_MAX_MS ? { from, to: until } : undefined;
}
