/* SimEntropy: seeded per process and incarnation, so that a restarted process draws other nonces. */
import type { Entropy } from '../../ports/index.ts';
import type { Life } from './process.ts';
import { integers } from './random.ts';

export class SimEntropy implements Entropy {
  readonly uint32: () => number;

  constructor(seed: number | string, life: Life) {
    this.uint32 = integers(seed, 'entropy', life.process.name, life.incarnation);
  }
}
