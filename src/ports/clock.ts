/* Clock: wall time that may jump and differ between machines, and timers of any length. */
export interface Clock {
  /** ms since the epoch */
  now(): number;
  /** ms since some moment of this process; never steps, whatever happens to the wall clock */
  elapsed(): number;
  /** Calls `fire` once `now()` has reached `at`, never before; the answer cancels it. */
  at(at: number, fire: () => void): () => void;
}
