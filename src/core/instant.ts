/* Instants as the DSL describes them (dateTime descriptor), without a Date. */
import type { Json } from '../wire/index.ts';
import { isoInstant } from '../wire/index.ts';

/** {iso8601, epoch: {seconds, milliseconds}} of `ms` since the epoch. */
export function instantOf(ms: number): Json {
  return { iso8601: isoInstant(ms), epoch: { seconds: Math.floor(ms / 1000), milliseconds: ms } };
}
