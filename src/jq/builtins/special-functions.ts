/*
 * Gamma, error and Bessel functions, to about 14 digits. Series where they converge, Lanczos and
 * continued fractions or asymptotic expansions elsewhere; Bessel functions by their integrals, which
 * the trapezoidal rule takes to full precision because the integrands are periodic.
 */
const LANCZOS: readonly number[] = [
  0.999_999_999_999_809_93, 676.520_368_121_885_1, -1259.139_216_722_402_8, 771.323_428_777_653_13,
  -176.615_029_162_140_6, 12.507_343_278_686_905, -0.138_571_095_265_720_12,
  9.984_369_578_019_572e-6, 1.505_632_735_149_311_6e-7,
];
const LANCZOS_G = 7;

function lanczosSum(x: number): number {
  let sum = LANCZOS[0]!;
  for (let i = 1; i < LANCZOS.length; i++) sum += LANCZOS[i]! / (x + i);
  return sum;
}

export function gamma(x: number): number {
  if (Number.isInteger(x)) {
    if (x < 0) return NaN;
    if (x === 0) return Object.is(x, -0) ? -Infinity : Infinity;
    if (x <= 171) {
      let product = 1;
      for (let i = 2; i < x; i++) product *= i;
      return product;
    }
    return Infinity;
  }
  if (x === -Infinity) return NaN;
  if (x > 172) return Infinity;
  if (x < 0.5) return Math.PI / (Math.sin(Math.PI * x) * gamma(1 - x));
  const t = x - 1 + LANCZOS_G + 0.5;
  const half = t ** ((x - 0.5) / 2);
  return Math.sqrt(2 * Math.PI) * half * Math.exp(-t) * half * lanczosSum(x - 1);
}

export function signOfGamma(x: number): number {
  if (x >= 0 || !Number.isFinite(x)) return Object.is(x, -0) ? -1 : 1;
  return Math.floor(x) % 2 === 0 ? 1 : -1;
}

const STIRLING: readonly number[] = [
  1 / 12,
  -1 / 360,
  1 / 1260,
  -1 / 1680,
  1 / 1188,
  -691 / 360_360,
  1 / 156,
];

export function logGamma(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (!Number.isFinite(x)) return Infinity;
  if (x <= 0 && Number.isInteger(x)) return Infinity;
  if (x < 0.5) return Math.log(Math.PI / Math.abs(Math.sin(Math.PI * x))) - logGamma(1 - x);
  if (x === 1 || x === 2) return 0;
  // Near its zeros the logarithm is small and the product exact enough; far out Stirling's series is.
  if (x < 12) return Math.log(Math.abs(gamma(x)));
  const square = 1 / (x * x);
  let series = 0;
  for (let i = STIRLING.length - 1; i >= 0; i--) series = series * square + STIRLING[i]!;
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + series / x;
}

export function erf(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (Math.abs(x) > 3) return Math.sign(x) * (1 - erfc(Math.abs(x)));
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > Math.abs(sum) * 1e-17 && n < 200; n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

export function erfc(x: number): number {
  if (x < 1.5) return 1 - erf(x);
  if (x > 28) return 0;
  let fraction = 0;
  for (let n = 200; n > 0; n--) fraction = n / 2 / (x + fraction);
  return Math.exp(-x * x) / (Math.sqrt(Math.PI) * (x + fraction));
}

/** The mean of a periodic function over half its period. */
function periodicMean(points: number, f: (angle: number) => number): number {
  let sum = (f(0) + f(Math.PI)) / 2;
  for (let i = 1; i < points; i++) sum += f((Math.PI * i) / points);
  return sum / points;
}

const ASYMPTOTIC_FROM = 60;

/** Hankel's expansion: amplitude parts P and Q of both kinds far from the origin. */
function hankel(n: number, x: number): { p: number; q: number; angle: number } {
  const mu = 4 * n * n;
  let p = 1;
  let q = 0;
  let term = 1;
  for (let k = 1; k < 40; k++) {
    const factor = (mu - (2 * k - 1) ** 2) / (k * 8 * x);
    if (Math.abs(factor) >= 1 && k > Math.abs(n)) break;
    term *= factor;
    if (k % 2 === 1) q += k % 4 === 1 ? term : -term;
    else p += k % 4 === 0 ? term : -term;
    if (Math.abs(term) < 1e-18) break;
  }
  return { p, q, angle: x - (n / 2 + 0.25) * Math.PI };
}

export function besselJ(n: number, x: number): number {
  if (Number.isNaN(x) || Number.isNaN(n)) return NaN;
  if (!Number.isFinite(x)) return 0;
  if (n < 0) return (n % 2 === 0 ? 1 : -1) * besselJ(-n, x);
  if (x < 0) return (n % 2 === 0 ? 1 : -1) * besselJ(n, -x);
  if (x > Math.max(ASYMPTOTIC_FROM, n * n)) {
    const { p, q, angle } = hankel(n, x);
    return Math.sqrt(2 / (Math.PI * x)) * (p * Math.cos(angle) - q * Math.sin(angle));
  }
  if (x < 2 * Math.sqrt(n + 1)) return seriesJ(n, x);
  const points = Math.min(20_000, Math.ceil(x + n) * 2 + 60);
  return periodicMean(points, (angle) => Math.cos(n * angle - x * Math.sin(angle)));
}

function seriesJ(n: number, x: number): number {
  let term = 1;
  for (let i = 1; i <= n; i++) term *= x / 2 / i;
  let sum = term;
  const square = (x * x) / 4;
  for (let k = 1; k < 100; k++) {
    term *= -square / (k * (k + n));
    sum += term;
    if (Math.abs(term) < Math.abs(sum) * 1e-18) break;
  }
  return sum;
}

const EULER = 0.577_215_664_901_532_9;

function y0(x: number): number {
  let sum = (Math.log(x / 2) + EULER) * besselJ(0, x);
  for (let k = 1; k < 200; k++) {
    const term = besselJ(2 * k, x) / k;
    sum -= 2 * (k % 2 === 0 ? term : -term);
    if (k > x && Math.abs(term) < 1e-18) break;
  }
  return (2 / Math.PI) * sum;
}

/** From the Wronskian: J1 Y0 - J0 Y1 = 2 / (pi x). Away from the zeros of J0 only. */
function y1(x: number): number {
  const j0 = besselJ(0, x);
  if (Math.abs(j0) > 0.05) return (besselJ(1, x) * y0(x) - 2 / (Math.PI * x)) / j0;
  // There, Neumann's series for the second kind of order one.
  let sum = -1 / x + (Math.log(x / 2) + EULER - 1) * besselJ(1, x);
  for (let k = 1; k < 200; k++) {
    const term = ((2 * k + 1) / (k * (k + 1))) * besselJ(2 * k + 1, x);
    sum -= k % 2 === 0 ? term : -term;
    if (k > x && Math.abs(term) < 1e-18) break;
  }
  return (2 / Math.PI) * sum;
}

export function besselY(n: number, x: number): number {
  if (Number.isNaN(x) || Number.isNaN(n) || x < 0) return NaN;
  if (x === 0) return -Infinity;
  if (!Number.isFinite(x)) return 0;
  if (n < 0) return (n % 2 === 0 ? 1 : -1) * besselY(-n, x);
  if (x > Math.max(ASYMPTOTIC_FROM, n * n)) {
    const { p, q, angle } = hankel(n, x);
    return Math.sqrt(2 / (Math.PI * x)) * (p * Math.sin(angle) + q * Math.cos(angle));
  }
  let before = y0(x);
  if (n === 0) return before;
  let current = y1(x);
  for (let i = 1; i < n; i++) [before, current] = [current, ((2 * i) / x) * current - before];
  return current;
}
