/* Clock: wall time that may jump and differ between machines, and timers of any length. */
export interface Clock {
  /** ms since the epoch */
  now(): number;
  /** ms since some moment of this process; never steps, whatever happens to the wall clock */
  elapsed(): number;
  /** Calls `fire` once `now()` has reached `at`, never before; the answer cancels it. */
  at(at: number, fire: () => void): () => void;
  /**
   * Calls `act` once all that happens at this moment has happened: what comes together is then looked at
   * together. Absent where events come one by one: whoever wants it acts at once.
   */
  soon?(act: () => void): void;
}
