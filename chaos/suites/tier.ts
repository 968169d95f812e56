/* How many runs a suite makes: few in every build, many at night. `waybill chaos --runs` wins over both. */

/** Runs of one test; `share` makes those of heavy scenarios fewer. */
export function runs(share = 1): number {
  return Math.ceil((process.env['WAYBILL_TIER'] === 'nightly' ? 1_500 : 16) * share);
}
