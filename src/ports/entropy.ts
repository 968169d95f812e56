/* Entropy: where a runner's nonces and jitter come from. What a workflow sees is derived, not drawn. */
export interface Entropy {
  /** A uniform integer in [0, 2^32). */
  uint32(): number;
}
