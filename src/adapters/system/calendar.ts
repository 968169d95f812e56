/*
 * Cron by the calendar: when an expression is due next in an IANA time zone. Times that a change of the
 * clocks skips are due right after it; times that come twice are due once.
 */
import { Cron } from 'croner';

const known = new Map<string, Cron>();
const KNOWN_MAX = 1_000;

/** The first time after `after` (ms since the epoch), ms; undefined = never again. */
export function cronNext(expression: string, zone: string, after: number): number | undefined {
  const key = `${zone} ${expression}`;
  let cron = known.get(key);
  if (cron === undefined) {
    if (known.size >= KNOWN_MAX) known.clear();
    cron = new Cron(expression, { timezone: zone, paused: true });
    known.set(key, cron);
  }
  return cron.nextRun(new Date(after))?.getTime();
}
