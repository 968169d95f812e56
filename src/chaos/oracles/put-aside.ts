/*
 * Runs that somebody has put aside for a while (M2). A strand that goes on after that does so with what it
 * had heard before: its records say the same cause once more, and an attempt that was not answered is made
 * again, with its key. What is said of one record for one cause cannot be asked of such a run; that it
 * ends, that its effects are applied once, that its timers come and that it does what the reference does can.
 */
import type { History } from '../history.ts';
import { onceFor } from './once-for.ts';

export const putAside = onceFor(
  ({ controls = [] }: History): ReadonlySet<string> =>
    new Set(controls.filter(({ verb }) => verb === 'suspend').map(({ run }) => run)),
);
