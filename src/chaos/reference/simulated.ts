/*
 * A made-up world for the reference: services answer at once or later, nothing else takes time.
 */
import type { CloudEvent } from '../../wire/cloud-event.ts';
import type { Json } from '../../wire/json.ts';
import { type Answer, type Line, Unfinished } from './line.ts';

/** What a service does with a request; `latency` in ms. */
export type Serve = (name: string, request: Json, attempt: number) => Answer & { latency: number };

/** An event from outside, and when it comes. */
export interface Sent {
  readonly at: number;
  readonly event: CloudEvent;
}

/** `sent` in the order in which they come. */
export function simulatedLine(serve: Serve, sent: readonly Sent[] = [], horizon = Infinity): Line {
  const until = (at: number, now: number, deadline: number): number => {
    const next = Math.max(now, Math.min(at, deadline));
    if (next < horizon) return next;
    throw new Unfinished('nobody waits for it any more');
  };
  return {
    strand: '',
    // Whose id it is nobody compares.
    emit: (made) => ({ id: 'made-up', ...made }) as CloudEvent,
    call({ attempt, name, request }, now, deadline) {
      const { latency, ...answer } = serve(name, request, attempt);
      const at = until(now + latency, now, deadline);
      return { at, answer };
    },
    hold: until,
    listen(wanted, now, deadline) {
      const found = sent.find(
        ({ at, event }) => Math.max(at, now) < Math.min(deadline, horizon) && wanted(event),
      );
      const at = until(found?.at ?? Infinity, now, deadline);
      return found === undefined ? { at } : { at, event: found.event };
    },
    inTime: (from, _to, last) => from <= last,
    retry: (from, _to, now, deadline) => until(from, now, deadline),
    branch: (_index, own) => simulatedLine(serve, sent, Math.min(horizon, own)),
    passed: () => undefined,
    cameTo: (at, until) => at < until,
    ended: (_end, now) => now,
    join: (decided, now, deadline) => ({ at: until(decided?.at ?? Infinity, now, deadline) }),
    // Here all branches go on to their ends.
    stopped: Infinity,
    must: () => undefined,
  };
}
