/*
 * Access tokens by OAuth 2.0, for policies of oauth2 and oidc.
 *
 * T1. A token is kept in this process until shortly before it expires, and shared by all calls with the
 *     same policy; who needs one that is on its way waits for the same answer. It is written nowhere.
 * T2. A token endpoint that refuses is an authentication error, or an authorization error if it says
 *     that access is denied; one that cannot be reached or is busy is a communication error.
 * T3. oauth2: the token endpoint stands below the authority (/oauth2/token if the policy does not say);
 *     oidc: the authority publishes where it is.
 */
import {
  allowInsecureRequests,
  ClientError,
  Configuration,
  customFetch,
  discovery,
  genericGrantRequest,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
} from 'openid-client';
import { canonicalJson, type Json, sha256Hex } from '../../wire/index.ts';
import { refuse, Refused } from '../errors.ts';
import {
  DISCOVERY_KEPT_MS,
  TOKEN_EARLY_MS,
  TOKEN_KEPT_MS,
  TOKEN_WAIT_S,
  TOKENS_MAX,
} from '../limits.ts';
import { clientAuth } from './client.ts';
import { Fields } from './fields.ts';
import { tokenFetch } from './token-fetch.ts';

export interface Token {
  readonly value: string;
  /** it was here before, so it may have been withdrawn meanwhile */
  readonly kept: boolean;
}

interface Kept {
  readonly value: string;
  /** ms */
  readonly until: number;
}

const kept = new Map<string, Kept>();
const onTheWay = new Map<string, Promise<string>>();
/** refresh tokens that a server has given in place of the one in the policy */
const refreshed = new Map<string, string>();
const discovered = new Map<
  string,
  { readonly server: Promise<Configuration>; readonly until: number }
>();

const EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';

/** A token for the policy; `refused`: one that has just been refused, and is not to be given again. */
export async function accessToken(
  scheme: 'oauth2' | 'oidc',
  policy: Json,
  refused?: string,
): Promise<Token> {
  const key = sha256Hex(canonicalJson({ scheme, policy }));
  const known = kept.get(key);
  if (known !== undefined) {
    if (known.value !== refused && Date.now() < known.until)
      return { value: known.value, kept: true };
    kept.delete(key);
  }
  let coming = onTheWay.get(key);
  if (coming === undefined) {
    coming = obtain(scheme, new Fields(scheme, policy), key).finally(() => onTheWay.delete(key));
    onTheWay.set(key, coming);
  }
  return { value: await coming, kept: false };
}

async function obtain(scheme: 'oauth2' | 'oidc', policy: Fields, key: string): Promise<string> {
  try {
    const server = scheme === 'oidc' ? await discoveredServer(policy) : below(policy);
    const grant = policy.text('grant');
    const answer = await genericGrantRequest(server, grant, parameters(policy, grant, key));
    checkIssuer(answer.access_token, policy.list('issuers'));
    const lifetime = answer.expires_in === undefined ? TOKEN_KEPT_MS : answer.expires_in * 1_000;
    const until = Date.now() + lifetime - Math.min(TOKEN_EARLY_MS, lifetime / 10);
    remember(kept, key, { value: answer.access_token, until });
    if (grant === 'refresh_token' && answer.refresh_token !== undefined) {
      remember(refreshed, key, answer.refresh_token);
    }
    return answer.access_token;
  } catch (error) {
    // one that a server has given instead may have been withdrawn; the policy's own may be new
    refreshed.delete(key);
    throw explained(error, policy);
  }
}

/** What the grant is asked with. */
function parameters(policy: Fields, grant: string, key: string): URLSearchParams {
  const asked = new URLSearchParams();
  const scopes = policy.list('scopes');
  if (scopes.length > 0) asked.set('scope', scopes.join(' '));
  for (const audience of policy.list('audiences')) asked.append('audience', audience);
  switch (grant) {
    case 'client_credentials':
      break;
    case 'password':
      asked.set('username', policy.text('username'));
      asked.set('password', policy.text('password'));
      break;
    case 'refresh_token':
      // the DSL has no field of its own for it
      asked.set('refresh_token', refreshed.get(key) ?? policy.object('subject').text('token'));
      break;
    case EXCHANGE:
      for (const name of ['subject', 'actor']) {
        const token = policy.object(name);
        const value = name === 'subject' ? token.text('token') : token.optional('token');
        if (value === undefined) continue;
        asked.set(`${name}_token`, value);
        asked.set(`${name}_token_type`, token.text('type'));
      }
      break;
    default:
      throw refuse(
        'configuration',
        `the grant ${JSON.stringify(grant)} needs a person, or is none`,
      );
  }
  return asked;
}

/** T3, oauth2 */
function below(policy: Fields): Configuration {
  const authority = policy.text('authority').replace(/\/+$/, '');
  const path = policy.object('endpoints').optional('token') ?? '/oauth2/token';
  const endpoint = /^https?:/i.test(path) ? path : `${authority}/${path.replace(/^\/+/, '')}`;
  if (!URL.canParse(endpoint)) {
    throw refuse('configuration', 'the authority of the authentication is no absolute URI');
  }
  const client = policy.object('client');
  const server = new Configuration(
    { issuer: authority, token_endpoint: endpoint },
    client.optional('id') ?? 'nobody',
    undefined,
    clientAuth(client, endpoint),
  );
  return prepared(server, policy, false);
}

/** T3, oidc; what the authority publishes is kept for a while. */
async function discoveredServer(policy: Fields): Promise<Configuration> {
  const authority = policy.text('authority');
  const client = policy.object('client');
  if (!URL.canParse(authority)) {
    throw refuse('configuration', 'the authority of the authentication is no absolute URI');
  }
  const id = client.optional('id') ?? 'nobody';
  const auth = clientAuth(client, undefined);
  const known = discovered.get(authority);
  let found = known !== undefined && Date.now() < known.until ? known.server : undefined;
  if (found === undefined) {
    found = discovery(new URL(authority), 'nobody', undefined, undefined, {
      // who writes http into a document means it
      // oxlint-disable-next-line typescript/no-deprecated
      execute: [allowInsecureRequests],
      timeout: TOKEN_WAIT_S,
      [customFetch]: tokenFetch({ json: false, keepIdToken: true }),
    });
    remember(discovered, authority, { server: found, until: Date.now() + DISCOVERY_KEPT_MS });
    found.catch(() => discovered.delete(authority));
  }
  const metadata = (await found).serverMetadata();
  return prepared(new Configuration(metadata, id, undefined, auth), policy, true);
}

function prepared(server: Configuration, policy: Fields, keepIdToken: boolean): Configuration {
  // oxlint-disable-next-line typescript/no-deprecated
  allowInsecureRequests(server);
  server.timeout = TOKEN_WAIT_S;
  const encoding = policy.object('request').optional('encoding');
  server[customFetch] = tokenFetch({ json: encoding === 'application/json', keepIdToken });
  return server;
}

/** A token that is a JWT says who has issued it. */
function checkIssuer(token: string, issuers: readonly string[]): void {
  if (issuers.length === 0) return;
  const [, body] = token.split('.');
  let issuer: unknown;
  try {
    const claims = JSON.parse(Buffer.from(body ?? '', 'base64url').toString('utf8')) as {
      iss?: unknown;
    };
    issuer = claims.iss;
  } catch {
    // an opaque token says nothing
    return;
  }
  if (typeof issuer === 'string' && issuers.includes(issuer)) return;
  throw refuse('authentication', 'the token was issued by nobody whom the policy names in issuers');
}

/** T2 */
function explained(error: unknown, policy: Fields): Refused {
  const refused = refusedBy(error);
  if (refused !== undefined) return refused;
  const authority = policy.optional('authority') ?? 'the authority';
  if (error instanceof ResponseBodyError) {
    const { error: code, error_description: description, status } = error;
    const said = `${authority} gives no token: ${code}${description === undefined ? '' : `, ${description}`}`;
    if (status === 429 || status >= 500) return refuse('communication', said, status);
    const denied = status === 403 || code === 'access_denied' || code === 'unauthorized_client';
    return refuse(denied ? 'authorization' : 'authentication', said);
  }
  if (error instanceof WWWAuthenticateChallengeError) {
    const kind = error.status === 403 ? 'authorization' : 'authentication';
    return refuse(kind, `${authority} gives no token: it answers with ${error.status}`);
  }
  if (error instanceof ClientError) {
    const status = statusOf(error.cause);
    if (status !== undefined) {
      const said = `${authority} gives no token: it answers with ${status}`;
      if (status === 401) return refuse('authentication', said);
      if (status === 403) return refuse('authorization', said);
      return refuse('communication', said, status >= 400 ? status : undefined);
    }
    if (error.code === 'OAUTH_TIMEOUT') {
      return refuse('communication', `${authority} does not answer within ${TOKEN_WAIT_S} s`);
    }
    return refuse('authentication', `${authority} gives no token: ${error.message}`);
  }
  const said = error instanceof Error ? error.message : String(error);
  return refuse('communication', `${authority} gives no token: ${said}`);
}

/** What token-fetch.ts has thrown comes back wrapped. */
function refusedBy(error: unknown): Refused | undefined {
  if (error instanceof Refused) return error;
  return error instanceof Error ? refusedBy(error.cause) : undefined;
}

function statusOf(cause: unknown): number | undefined {
  return cause instanceof Response ? cause.status : undefined;
}

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  if (map.size >= TOKENS_MAX)
    for (const [oldest] of map) {
      map.delete(oldest);
      break;
    }
  map.set(key, value);
}
