/*
 * How a call authenticates itself, from the policy in its arguments: { scheme: fields }, complete.
 *
 * A1. What a scheme needs and the policy does not have is a configuration error that names the field.
 * A2. What is obtained, or derived from a secret, is a secret: it goes into the mask.
 * A3. A request that is refused with 401 is made once more where that can help: with the answer to a
 *     challenge, or with a new token in place of one that had been kept.
 */
import type { Json, JsonObject } from '../../wire/index.ts';
import { refuse } from '../errors.ts';
import type { Mask } from '../mask.ts';
import { digestAnswer, digestChallenge, type DigestRequest } from './digest.ts';
import { Fields } from './fields.ts';

/** What expressions see as $authorization. */
export interface Authorization {
  readonly scheme: string;
  /** null where it depends on what the service asks */
  readonly parameter: string | null;
}

export interface Authenticator {
  readonly authorization: Authorization;
  /** A3: the value of the Authorization header for another try, or undefined if there is no point in one. */
  again(headers: Headers, request: DigestRequest): Promise<string | undefined>;
}

const never = async (): Promise<undefined> => undefined;

/** Resolves the policy of a call. */
export async function authenticatorOf(policy: JsonObject, mask: Mask): Promise<Authenticator> {
  const [[scheme, given] = ['', null]] = Object.entries(policy);
  switch (scheme) {
    case 'basic': {
      const fields = new Fields(scheme, given);
      const username = fields.text('username');
      const password = fields.text('password');
      if (username.includes(':')) {
        throw refuse('configuration', 'a username of basic authentication has no colon');
      }
      const parameter = Buffer.from(`${username}:${password}`).toString('base64');
      if (mask.touches(username) || mask.touches(password)) mask.add(parameter);
      return { authorization: { scheme: 'Basic', parameter }, again: never };
    }
    case 'bearer': {
      // a secret that is a text is the token
      const token = typeof given === 'string' ? given : new Fields(scheme, given).text('token');
      return { authorization: bearer(token), again: never };
    }
    case 'digest':
      return digest(new Fields(scheme, given));
    case 'oauth2':
    case 'oidc':
      return token(scheme, given, mask);
    default:
      throw refuse('configuration', `there is no ${scheme} authentication`);
  }
}

function bearer(token: string): Authorization {
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw refuse('configuration', 'the token is empty or has characters that no header can have');
  }
  return { scheme: 'Bearer', parameter: token };
}

function digest(fields: Fields): Authenticator {
  const username = fields.text('username');
  const password = fields.text('password');
  let answered = 0;
  return {
    authorization: { scheme: 'Digest', parameter: null },
    async again(headers, request) {
      const challenge = digestChallenge(headers.get('www-authenticate'));
      if (challenge === undefined) return undefined;
      // A second challenge is worth an answer only if the first one had become stale.
      const stale = challenge.parameters.get('stale')?.toLowerCase() === 'true';
      if (answered > (stale ? 1 : 0)) return undefined;
      answered += 1;
      return digestAnswer(challenge, username, password, request);
    },
  };
}

async function token(scheme: 'oauth2' | 'oidc', policy: Json, mask: Mask): Promise<Authenticator> {
  // the library is large, and few workflows need it
  const { accessToken } = await import('./tokens.ts');
  const { kept, value } = await accessToken(scheme, policy);
  mask.add(value);
  let stale = kept;
  return {
    authorization: bearer(value),
    async again() {
      if (!stale) return undefined;
      stale = false;
      const fresh = await accessToken(scheme, policy, value);
      mask.add(fresh.value);
      return `Bearer ${bearer(fresh.value).parameter}`;
    },
  };
}
