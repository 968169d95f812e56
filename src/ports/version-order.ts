/*
 * Which version of a workflow is the latest: the one that a start without a version means.
 *
 * The order is that of Semantic Versioning 2.0, but that any release comes after every pre-release, and
 * what is no such version comes before all. It does not depend on when something was deployed: a server
 * of an older build that starts again does not take new runs back to its version.
 */
const SEMANTIC =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/;

/** Above 0 when `a` is the later one, 0 when neither is. */
export function compareVersions(a: string, b: string): number {
  const [one, other] = [SEMANTIC.exec(a), SEMANTIC.exec(b)];
  if (one === null || other === null) {
    return Number(one !== null) - Number(other !== null) || compareTexts(a, b);
  }
  const released = Number(one[4] === undefined) - Number(other[4] === undefined);
  if (released !== 0) return released;
  for (const part of [1, 2, 3]) {
    const difference = compareNumbers(one[part]!, other[part]!);
    if (difference !== 0) return difference;
  }
  return comparePreReleases(one[4] ?? '', other[4] ?? '');
}

/** The later of two that have been deployed; `deployed` decides between contents of one version. */
export function isLater(
  a: { readonly version: string; readonly deployed: number },
  b: { readonly version: string; readonly deployed: number },
): boolean {
  return (compareVersions(a.version, b.version) || a.deployed - b.deployed) > 0;
}

function comparePreReleases(a: string, b: string): number {
  const [one, other] = [a.split('.'), b.split('.')];
  for (let i = 0; i < Math.min(one.length, other.length); i++) {
    const difference = compareIdentifiers(one[i]!, other[i]!);
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}

function compareIdentifiers(a: string, b: string): number {
  const [one, other] = [/^\d+$/.test(a), /^\d+$/.test(b)];
  if (one && other) return compareNumbers(a, b);
  return Number(other) - Number(one) || compareTexts(a, b);
}

/** Decimal numbers without leading zeros, of any length. */
function compareNumbers(a: string, b: string): number {
  return a.length - b.length || compareTexts(a, b);
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
