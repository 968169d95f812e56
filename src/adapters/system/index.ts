/*
 * Clock and Entropy of the machine this runs on.
 */
import { randomBytes } from 'node:crypto';
import type { Clock, Entropy } from '../../ports/index.ts';

/** Longest delay that a timer of Node takes (2^31-1 ms); beyond, it would fire at once. */
const TIMER_MAX_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  at(at, fire) {
    let timer: NodeJS.Timeout;
    const arm = (): void => {
      const left = at - Date.now();
      timer = setTimeout(
        () => (Date.now() >= at ? fire() : arm()),
        Math.min(Math.max(left, 0), TIMER_MAX_MS),
      );
    };
    arm();
    return () => clearTimeout(timer);
  },
};

export const systemEntropy: Entropy = {
  uint32: () => randomBytes(4).readUInt32LE(),
};
