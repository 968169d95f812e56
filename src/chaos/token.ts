/*
 * Tokens: a run in one word. A token holds the whole plan, so it stays good when generators change,
 * and names the scenario by name and hash - or holds a text of it.
 *
 * `wb1.` + base64url of deflated JSON. Decoding says exactly what is wrong with a bad one.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { type FaultPlan, PLAN_VERSION } from './plan.ts';

const PREFIX = 'wb1.';
/** No plan comes near it; a token is text from anywhere. */
const PLAN_BYTES_MAX = 1_000_000;

export interface Token {
  readonly scenario: string;
  /** content hash of the scenario it was found with */
  readonly hash: string;
  /** the scenario itself, for tokens that leave their repository */
  readonly inline?: string;
  readonly plan: FaultPlan;
}

export class TokenError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TokenError';
  }
}

export function encodeToken(token: Token): string {
  const { hash, inline, plan, scenario } = token;
  const content = { scenario, hash, ...(inline === undefined ? {} : { inline }), plan };
  const packed = deflateRawSync(Buffer.from(JSON.stringify(content)), { level: 9 });
  return PREFIX + packed.toString('base64url');
}

export function decodeToken(text: string): Token {
  const word = text.trim();
  if (!word.startsWith('wb'))
    throw new TokenError('this is not a replay token: they begin with wb1.');
  if (!word.startsWith(PREFIX)) {
    const version = word.slice(0, word.indexOf('.') + 1) || word.slice(0, 8);
    throw new TokenError(`this build reads tokens that begin with ${PREFIX}, not ${version}`);
  }
  const body = word.slice(PREFIX.length);
  if (!/^[A-Za-z0-9_-]+$/.test(body)) {
    throw new TokenError('the token holds characters that no token has: was it copied whole?');
  }
  return checked(unpack(body));
}

function unpack(body: string): unknown {
  let text: string;
  try {
    const packed = Buffer.from(body, 'base64url');
    text = inflateRawSync(packed, { maxOutputLength: PLAN_BYTES_MAX }).toString('utf8');
  } catch {
    throw new TokenError('the token is cut short or damaged: was it copied whole?');
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new TokenError('the token is damaged: what it holds is not JSON');
  }
}

function checked(value: unknown): Token {
  const token = fields(value, 'the token');
  const plan = fields(token['plan'], 'its plan');
  if (typeof token['scenario'] !== 'string' || typeof token['hash'] !== 'string') {
    throw new TokenError('the token does not say which scenario it belongs to');
  }
  if (plan['version'] !== PLAN_VERSION) {
    const said = `plans of version ${String(plan['version'])} cannot be run by this build`;
    throw new TokenError(`${said} (it runs version ${PLAN_VERSION})`);
  }
  for (const key of ['seed', 'runners', 'partitions'] as const) {
    const number = plan[key];
    if (typeof number !== 'number' || !Number.isInteger(number) || number < 0) {
      throw new TokenError(`the plan in the token has no ${key}`);
    }
  }
  if ((plan['runners'] as number) < 1 || (plan['partitions'] as number) < 1) {
    throw new TokenError('the plan in the token has no runners or no partitions');
  }
  if (plan['window'] !== undefined) {
    const window = fields(plan['window'], 'the window of its plan');
    for (const key of ['bodies', 'refetch', 'active'] as const) {
      if (typeof window[key] !== 'number') {
        throw new TokenError(`the window of the plan in the token has no ${key}`);
      }
    }
  }
  for (const instance of list(plan['instances'], 'instances')) {
    const one = fields(instance, 'an instance of the plan');
    if (typeof one['id'] !== 'number' || typeof one['at'] !== 'number') {
      throw new TokenError('an instance of the plan in the token is incomplete');
    }
  }
  for (const fault of list(plan['faults'], 'faults')) {
    const one = fields(fault, 'a fault of the plan');
    const at = fields(one['at'], 'where a fault of the plan strikes');
    const does = fields(one['does'], 'what a fault of the plan does');
    if (typeof at['point'] !== 'string' || typeof does['kind'] !== 'string') {
      throw new TokenError('a fault of the plan in the token is incomplete');
    }
  }
  return value as Token;
}

function fields(value: unknown, what: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new TokenError(`${what} is missing: the token is damaged`);
}

function list(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new TokenError(`the plan in the token has no ${what}`);
}
