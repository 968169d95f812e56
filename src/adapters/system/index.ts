/*
 * Clock and Entropy of the machine this runs on, and where it has secrets from (secrets.ts).
 */
import { randomFillSync } from 'node:crypto';
import type { Clock, Entropy } from '../../ports/index.ts';

/**
 * How long a timer of Node is trusted: it counts the time that the machine was awake, and the wall clock
 * may be set (P4). (Beyond 2^31-1 ms it would fire at once.)
 */
const TIMER_MAX_MS = 10_000;

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
  soon: (act) => void setImmediate(act),
};

/** Numbers drawn at once: each question to the kernel costs as much as fifty of them. */
const DRAWN = 256;
const drawn = new Uint32Array(DRAWN);
let left = 0;

export const systemEntropy: Entropy = {
  uint32: () => {
    if (left === 0) {
      randomFillSync(drawn);
      left = DRAWN;
    }
    return drawn[--left] as number;
  },
};

export {
  type Environment,
  environmentSecrets,
  firstOf,
  secretsFault,
  storedSecrets,
} from './secrets.ts';
export { systemResources } from './resources.ts';
