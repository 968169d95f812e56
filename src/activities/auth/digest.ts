/*
 * Digest authentication (RFC 7616, and RFC 2617 where a service speaks no newer): a request is refused
 * with a challenge, and asked again with the answer to it.
 */
import { createHash, randomBytes } from 'node:crypto';
import { percentEncoded } from '../../dsl/uri-template.ts';

export interface Challenge {
  /** lower-case */
  readonly scheme: string;
  /** names in lower case */
  readonly parameters: ReadonlyMap<string, string>;
}

export interface DigestRequest {
  readonly method: string;
  readonly url: URL;
  readonly body: Buffer | undefined;
}

/** From weakest to strongest. */
const HASHES: ReadonlyMap<string, string> = new Map([
  ['md5', 'md5'],
  ['sha-256', 'sha256'],
  ['sha-512-256', 'sha512-256'],
]);

/** The challenge that will be answered: the strongest that is understood. */
export function digestChallenge(header: string | null): Challenge | undefined {
  const strengths = [...HASHES.keys()];
  return challenges(header ?? '')
    .filter(
      ({ scheme, parameters }) =>
        scheme === 'digest' && parameters.has('nonce') && HASHES.has(algorithmOf(parameters)),
    )
    .toSorted(
      (a, b) =>
        strengths.indexOf(algorithmOf(b.parameters)) - strengths.indexOf(algorithmOf(a.parameters)),
    )[0];
}

/** The value of the Authorization header. */
export function digestAnswer(
  { parameters }: Challenge,
  username: string,
  password: string,
  { body, method, url }: DigestRequest,
  cnonce: string = randomBytes(16).toString('hex'),
): string {
  const hash = HASHES.get(algorithmOf(parameters))!;
  const h = (...parts: readonly (string | Buffer)[]): string => {
    const digest = createHash(hash);
    parts.forEach((part, index) => digest.update(index === 0 ? '' : ':').update(part));
    return digest.digest('hex');
  };
  const realm = parameters.get('realm') ?? '';
  const nonce = parameters.get('nonce') ?? '';
  const offered = (parameters.get('qop') ?? '').split(',').map((word) => word.trim().toLowerCase());
  const qop = offered.includes('auth') ? 'auth' : offered.includes('auth-int') ? 'auth-int' : '';
  const uri = url.pathname + url.search;
  const count = '00000001';
  const plain = h(username, realm, password);
  const isSession = /-sess$/i.test(parameters.get('algorithm') ?? '');
  const a1 = isSession ? h(plain, nonce, cnonce) : plain;
  const a2 = qop === 'auth-int' ? h(method, uri, h(body ?? '')) : h(method, uri);
  const response = qop === '' ? h(a1, nonce, a2) : h(a1, nonce, count, cnonce, qop, a2);
  const hashed = parameters.get('userhash')?.toLowerCase() === 'true';
  const said: string[] = [
    hashed
      ? `username=${quoted(h(username, realm))}`
      : /^[\x20-\x7e]*$/.test(username)
        ? `username=${quoted(username)}`
        : `username*=UTF-8''${percentEncoded(username)}`,
    `realm=${quoted(realm)}`,
    `nonce=${quoted(nonce)}`,
    `uri=${quoted(uri)}`,
    `response=${quoted(response)}`,
  ];
  const algorithm = parameters.get('algorithm');
  const opaque = parameters.get('opaque');
  if (algorithm !== undefined) said.push(`algorithm=${algorithm}`);
  if (opaque !== undefined) said.push(`opaque=${quoted(opaque)}`);
  if (qop !== '') said.push(`qop=${qop}`, `nc=${count}`);
  if (qop !== '' || isSession) said.push(`cnonce=${quoted(cnonce)}`);
  if (hashed) said.push('userhash=true');
  return `Digest ${said.join(', ')}`;
}

function algorithmOf(parameters: ReadonlyMap<string, string>): string {
  return (parameters.get('algorithm') ?? 'MD5').toLowerCase().replace(/-sess$/, '');
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, '\\$&')}"`;
}

/** Challenges of a WWW-Authenticate header; several may stand in one, parted by commas as their parameters are. */
export function challenges(header: string): Challenge[] {
  const found: { scheme: string; parameters: Map<string, string> }[] = [];
  const token =
    /\s*,?\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+)(\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+)))?/y;
  while (token.lastIndex < header.length) {
    const match = token.exec(header);
    if (match === null) break;
    const [, word = '', assigned, text, bare] = match;
    const last = found.at(-1);
    if (assigned === undefined) found.push({ scheme: word.toLowerCase(), parameters: new Map() });
    else {
      const value = text === undefined ? (bare ?? '') : text.replaceAll(/\\(.)/g, '$1');
      last?.parameters.set(word.toLowerCase(), value);
    }
  }
  return found;
}
