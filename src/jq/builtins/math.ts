/*
 * C's math functions on doubles. The classical special functions are in special-functions.ts.
 */
import { typeError } from '../state.ts';
import { constant } from '../compile/code.ts';
import type { Json } from '../values/json.ts';
import { type Builtin, type Builtins, native0, native2, native3, special } from './kinds.ts';
import { besselJ, besselY, erf, erfc, gamma, logGamma, signOfGamma } from './special-functions.ts';

function number(value: Json): number {
  return typeof value === 'number' ? value : typeError(value, 'number required');
}

function unary(apply: (x: number) => number): Builtin {
  return native0((input) => apply(number(input)));
}

function binary(apply: (x: number, y: number) => number): Builtin {
  return native2((_input, a, b) => {
    const x = number(a);
    return apply(x, number(b));
  });
}

// --- bits of a double -------------------------------------------------------------------------

const view = new DataView(new ArrayBuffer(8));

function bitsOf(x: number): bigint {
  view.setFloat64(0, x);
  return view.getBigInt64(0);
}

function fromBits(bits: bigint): number {
  view.setBigInt64(0, bits);
  return view.getFloat64(0);
}

/** `x = fraction * 2^exponent` with the fraction in [0.5, 1). */
function frexp(x: number): [number, number] {
  if (x === 0 || !Number.isFinite(x)) return [x, 0];
  const scaled = Math.abs(x) < 2 ** -1022 ? x * 2 ** 64 : x;
  const shift = scaled === x ? 0 : 64;
  const bits = bitsOf(scaled);
  const exponent = Number((bits >> 52n) & 0x7ffn) - 1022;
  return [fromBits((bits & ~(0x7ffn << 52n)) | (1022n << 52n)), exponent - shift];
}

/** `x * 2^exponent`, rounded once. */
function ldexp(x: number, exponent: number): number {
  let result = x;
  let left = Math.max(-2200, Math.min(2200, Math.trunc(exponent)));
  if (Number.isNaN(exponent)) return NaN;
  while (left > 1000) {
    result *= 2 ** 1000;
    left -= 1000;
  }
  if (left < -1000) {
    const [fraction, own] = frexp(result);
    const total = own + left;
    // The last step alone may fall among the subnormals, where it rounds.
    if (total < -1022) return fraction * 2 ** -1000 * 2 ** Math.max(total + 1000, -1074);
    return fraction * 2 ** total;
  }
  return result * 2 ** left;
}

function nextAfter(x: number, towards: number): number {
  if (Number.isNaN(x) || Number.isNaN(towards)) return NaN;
  if (x === towards) return towards;
  if (x === 0) return towards > 0 ? Number.MIN_VALUE : -Number.MIN_VALUE;
  const away = x > 0 === towards > x;
  return fromBits(bitsOf(x) + (away ? 1n : -1n));
}

// --- rounding ---------------------------------------------------------------------------------

/** Halves away from zero. */
function round(x: number): number {
  return (
    Math.sign(x) *
    Math.floor(Math.abs(x) + 0.5 - (Math.abs(x) % 1 === 0.499_999_999_999_999_94 ? 0.5 : 0))
  );
}

/** Halves to even, which is C's default mode. */
function roundEven(x: number): number {
  if (!Number.isFinite(x) || Math.abs(x) >= 2 ** 52) return x;
  const floor = Math.floor(x);
  const rest = x - floor;
  const up = rest > 0.5 || (rest === 0.5 && floor % 2 !== 0);
  const rounded = up ? floor + 1 : floor;
  return rounded === 0 ? zeroLike(x) : rounded;
}

function zeroLike(x: number): number {
  return x < 0 ? -0 : 0;
}

function remainderOf(x: number, y: number): number {
  if (y === 0 || !Number.isFinite(x) || Number.isNaN(y)) return NaN;
  if (!Number.isFinite(y)) return x;
  const half = Math.abs(y) / 2;
  let rest = x % y;
  const quotientOdd = (Math.abs(x - rest) / Math.abs(y)) % 2 !== 0;
  if (Math.abs(rest) > half || (Math.abs(rest) === half && quotientOdd)) {
    rest -= Math.sign(rest) * Math.abs(y);
  }
  return rest === 0 ? zeroLike(x) : rest;
}

/** `x * y + z` rounded once, by splitting the product into two doubles. */
function fma(x: number, y: number, z: number): number {
  const product = x * y;
  if (!Number.isFinite(product) || product === 0) return product + z;
  const split = (a: number): [number, number] => {
    const c = 134_217_729 * a;
    const high = c - (c - a);
    return [high, a - high];
  };
  const [xh, xl] = split(x);
  const [yh, yl] = split(y);
  const error = xl * yl - (product - xh * yh - xl * yh - xh * yl);
  if (!Number.isFinite(error)) return product + z;
  const sum = product + z;
  const part = sum - product;
  return sum + (product - (sum - part) + (z - part) + error);
}

function logb(x: number): number {
  if (x === 0) return -Infinity;
  return Number.isFinite(x) ? frexp(x)[1] - 1 : Math.abs(x);
}

function significand(x: number): number {
  return x === 0 || !Number.isFinite(x) ? x : frexp(x)[0] * 2;
}

function modf(input: Json): Json {
  const x = number(input);
  const whole = Math.trunc(x);
  if (Number.isNaN(x)) return [NaN, NaN];
  return [Number.isFinite(x) ? x - whole : zeroLike(x), whole];
}

/** Exact for integers, where a logarithm by division is off by one bit. */
function exp10(x: number): number {
  return 10 ** x;
}

const isNormal = (x: Json): boolean =>
  typeof x === 'number' && Number.isFinite(x) && Math.abs(x) >= 2 ** -1022;

export const math: Builtins = {
  'acos/0': unary(Math.acos),
  'acosh/0': unary(Math.acosh),
  'asin/0': unary(Math.asin),
  'asinh/0': unary(Math.asinh),
  'atan/0': unary(Math.atan),
  'atanh/0': unary(Math.atanh),
  'cbrt/0': unary(Math.cbrt),
  'ceil/0': unary(Math.ceil),
  'cos/0': unary(Math.cos),
  'cosh/0': unary(Math.cosh),
  'exp/0': unary(Math.exp),
  'expm1/0': unary(Math.expm1),
  'floor/0': unary(Math.floor),
  'log/0': unary(Math.log),
  'log10/0': unary(Math.log10),
  'log1p/0': unary(Math.log1p),
  'log2/0': unary(Math.log2),
  'sin/0': unary(Math.sin),
  'sinh/0': unary(Math.sinh),
  'sqrt/0': unary(Math.sqrt),
  'tan/0': unary(Math.tan),
  'tanh/0': unary(Math.tanh),
  'trunc/0': unary(Math.trunc),
  'exp2/0': unary((x) => 2 ** x),
  'exp10/0': unary(exp10),
  'fabs/0': unary(Math.abs),
  'round/0': unary(round),
  'rint/0': unary(roundEven),
  'nearbyint/0': unary(roundEven),
  'logb/0': unary(logb),
  'significand/0': unary(significand),
  'gamma/0': unary(logGamma),
  'lgamma/0': unary(logGamma),
  'tgamma/0': unary(gamma),
  'lgamma_r/0': native0((input) => [logGamma(number(input)), signOfGamma(number(input))]),
  'erf/0': unary(erf),
  'erfc/0': unary(erfc),
  'j0/0': unary((x) => besselJ(0, x)),
  'j1/0': unary((x) => besselJ(1, x)),
  'y0/0': unary((x) => besselY(0, x)),
  'y1/0': unary((x) => besselY(1, x)),
  'jn/2': binary((n, x) => besselJ(Math.trunc(n), x)),
  'yn/2': binary((n, x) => besselY(Math.trunc(n), x)),
  'frexp/0': native0((input) => frexp(number(input))),
  'modf/0': native0(modf),
  'pow/2': binary((x, y) =>
    x === 1 || (Math.abs(x) === 1 && !Number.isFinite(y) && !Number.isNaN(y)) ? 1 : x ** y,
  ),
  'atan2/2': binary(Math.atan2),
  'hypot/2': binary(Math.hypot),
  'fmod/2': binary((x, y) => x % y),
  'fmin/2': binary((x, y) => (Number.isNaN(x) ? y : Number.isNaN(y) ? x : Math.min(x, y))),
  'fmax/2': binary((x, y) => (Number.isNaN(x) ? y : Number.isNaN(y) ? x : Math.max(x, y))),
  'fdim/2': binary((x, y) => (x > y ? x - y : Number.isNaN(x) || Number.isNaN(y) ? NaN : 0)),
  'fma/3': native3((_input, a, b, c) => fma(number(a), number(b), number(c))),
  'copysign/2': binary((x, y) =>
    Object.is(Math.sign(y), -0) || y < 0 ? -Math.abs(x) : Math.abs(x),
  ),
  'drem/2': binary(remainderOf),
  'remainder/2': binary(remainderOf),
  'ldexp/2': binary(ldexp),
  'scalb/2': binary(ldexp),
  'scalbln/2': binary(ldexp),
  'nextafter/2': binary(nextAfter),
  'nexttoward/2': binary(nextAfter),
  'infinite/0': special(0, () => constant(Infinity)),
  'nan/0': special(0, () => constant(NaN)),
  'isinfinite/0': native0((x) => x === Infinity || x === -Infinity),
  'isnan/0': native0((x) => Number.isNaN(x)),
  'isnormal/0': native0(isNormal),
};
