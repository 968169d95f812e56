/*
 * The seed of a campaign that nobody has chosen: on a build server the commit decides, so that a build
 * that is repeated repeats its campaign and the next one tries others.
 */

/** Where a build server says which commit it builds. */
const COMMITS = ['GITHUB_SHA', 'CI_COMMIT_SHA', 'BUILDKITE_COMMIT', 'CIRCLE_SHA1', 'GIT_COMMIT'];

export const SEED_MAX = 0xff_ff_ff_ff;

/** A number made of the commit that is being built; undefined elsewhere. */
export function commitSeed(
  environment: Readonly<Record<string, string | undefined>>,
): number | undefined {
  if (environment['CI'] === undefined) return undefined;
  const commit = COMMITS.map((name) => environment[name]).find((sha) =>
    /^[0-9a-f]{8}/i.test(sha ?? ''),
  );
  return commit === undefined ? undefined : Number.parseInt(commit.slice(0, 8), 16);
}
