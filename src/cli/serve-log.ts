/*
 * The log of a server: one line per event on stderr, for people or for machines. Never a stack, never
 * a password; what is said again and again is said once a minute.
 */
import { withoutPassword } from './configuration-settings.ts';

export type Level = 'info' | 'warn' | 'error';

export interface ServerLog {
  /** `event` is a stable word, `said` is for people, `more` for machines */
  line(
    level: Level,
    event: string,
    said: string,
    more?: { readonly [name: string]: unknown },
  ): void;
}

const AGAIN_MS = 60_000;
const REMEMBERED_MAX = 1_000;

export function serverLog(
  form: 'plain' | 'json',
  write: (text: string) => void,
  now: () => number = Date.now,
): ServerLog {
  const saidAt = new Map<string, number>();
  return {
    line(level, event, text, more = {}) {
      const said = withoutPassword(text).replaceAll(/\s*\n\s*/g, ' | ');
      const at = now();
      if (level !== 'info') {
        if (at - (saidAt.get(said) ?? -Infinity) < AGAIN_MS) return;
        if (saidAt.size >= REMEMBERED_MAX) saidAt.clear();
        saidAt.set(said, at);
      }
      const time = new Date(at).toISOString();
      write(
        form === 'json'
          ? `${JSON.stringify({ time, level, event, said, ...more })}\n`
          : `${time}  ${level.padEnd(5)}  ${said}\n`,
      );
    },
  };
}
