/*
 * Whether what a step came to is what was recorded, and what may differ without meaning anything.
 *
 * C1. Effect keys and digests are made of what was asked for: where that was taken out of the trace they
 *     cannot be made again, and are not compared.
 * C2. With other definitions, what they keep less of in memory is no difference: nothing reads it. What
 *     they need more of is one, for runs that are under way do not have it.
 */
import { type Difference, differences, isSame } from './diff.ts';
import { hasMarker } from './marker.ts';
import type { Shape } from './shape.ts';

export interface Leniency {
  /** the definitions are not the recorded ones */
  readonly changed: boolean;
  /** ... and tasks stand elsewhere in them, so that the chance in a retry's delay is another one */
  readonly moved: boolean;
  /** something was taken out of the trace */
  readonly redacted: boolean;
}

const MADE_OF_REQUEST =
  /^\/(?:activity\/key|key|state\/frames\/\d+\/node\/(?:failed\/)?(?:key|digest))$/;
const MEMORY =
  /^\/state\/(?:input|context|variables(?:\/.*)?|frames\/\d+\/(?:input|rawInput|node\/(?:seen|outputs)))$/;
const RETRY_TIME =
  /^\/(?:notBefore|due|state\/frames\/\d+\/(?:startedAt|deadline|node\/(?:retryAt|attemptDeadline)))$/;
/** What people look at first. */
const FIRST: readonly RegExp[] = [
  /^$/,
  /^\/kind$/,
  /^\/state\/(?:position|status)$/,
  /^\/activity\/(?:name|pointer|kind)$/,
  /^\/activity\/arguments/,
  /^\/end\/error/,
  /^\/end/,
  /^\/activity/,
  /^\/state\/(?:data|input)/,
  /^\/state\/context/,
  /^\/(?:notBefore|due|subscription|why)/,
];

export function compare(recorded: Shape, computed: Shape, leniency: Leniency): Difference[] {
  if (isSame(recorded, computed)) return [];
  const { changed, moved, redacted } = leniency;
  const found = differences(recorded, computed);
  const otherRequest = found.some(({ at }) => at.startsWith('/activity/arguments'));
  const keysMayDiffer = otherRequest || (redacted && (hasMarker(recorded) || hasMarker(computed)));
  const retries = isRetry(recorded) && isRetry(computed);
  return found
    .filter((one) => {
      if (keysMayDiffer && MADE_OF_REQUEST.test(one.at)) return false;
      if (moved && retries && RETRY_TIME.test(one.at)) return false;
      return !(changed && !('computed' in one) && MEMORY.test(one.at));
    })
    .map((one) => ({ one, rank: rankOf(one) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ one }) => one);
}

/** It waits to be tried again: when, is in part left to chance. */
function isRetry({ activity, state, why }: Shape): boolean {
  if (why === 'retry' || (activity?.attempt ?? 1) > 1) return true;
  return state?.frames.some(({ node }) => node.kind === 'try' && node.failures > 0) === true;
}

function rankOf({ at }: Difference): number {
  const rank = FIRST.findIndex((place) => place.test(at));
  return rank < 0 ? FIRST.length : rank;
}
