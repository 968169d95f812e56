/* Workflows that authenticate their calls, with every scheme, on an embedded engine. */
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { digestAnswer, digestChallenge } from '../../src/activities/auth/digest.ts';
import { load } from '../../src/dsl/index.ts';
import { type Engine, openEngine, type Result } from '../../src/presets/embedded.ts';
import type { Json } from '../../src/wire/index.ts';
import { Authority, claimsOf, guarded } from '../activities/auth-world.ts';
import type { Service } from '../activities/http-world.ts';
import { proves } from '../proofs/proves.ts';

const USER = 'jané "d"';
const PASSWORD = 'a:päss\\word';
const secrets: Record<string, Json> = {};

let service: Service;
let authority: Authority;
let engine: Engine;
beforeAll(async () => {
  service = await guarded(USER, PASSWORD);
  authority = await Authority.open();
  engine = await openEngine({ file: ':memory:', secrets: { get: async (name) => secrets[name] } });
});
afterAll(async () => {
  await engine.close();
  await service.close();
  await authority.service.close();
});
let unique = 0;
beforeEach(() => {
  for (const name of Object.keys(secrets)) delete secrets[name];
  Object.assign(authority, { refuses: undefined, lifetime: 3600, refreshToken: undefined });
  authority.requests.length = 0;
  // another client is another token
  unique += 1;
});

interface Asked {
  readonly uri: string;
  readonly policy: Json;
  readonly more?: Record<string, Json>;
  readonly use?: Json;
  readonly input?: Json;
}

async function run({ input = {}, more = {}, policy, uri, use = {} }: Asked): Promise<Result> {
  const document = {
    document: { dsl: '1.0.3', namespace: 'test', name: 'auth', version: '1.0.0' },
    use,
    do: [
      {
        a: {
          call: 'http',
          with: { method: 'get', endpoint: { uri, authentication: policy }, ...more },
        },
      },
    ],
  };
  const { definition, problems, notes } = load(JSON.stringify(document), 'a.json');
  expect([...problems, ...notes]).toEqual([]);
  await engine.deploy(definition!);
  return engine.result(await engine.start({ definition: definition!, input }));
}

const done = (output: unknown) => ({ ended: 'completed', output });
const failed = (type: string, status: number, says: string) => ({
  ended: 'faulted',
  error: {
    type: expect.stringMatching(new RegExp(`/${type}$`)),
    status,
    detail: expect.stringContaining(says),
  },
});

describe('basic, bearer and digest', () => {
  const login = { username: USER, password: PASSWORD };

  test('basic', proves('auth.basic'), async () => {
    const uri = `${service.origin}/basic`;
    expect(await run({ uri, policy: { basic: login } })).toEqual(done({ user: USER }));
    const wrong = { basic: { ...login, password: 'x' } };
    expect(await run({ uri, policy: wrong })).toMatchObject(failed('authentication', 401, '401'));
    const data = { basic: { username: '${ .u }', password: '${ .p }' } };
    const input = { u: USER, p: PASSWORD };
    expect(await run({ uri, policy: data, input })).toEqual(done({ user: USER }));
  });

  test('bearer', proves('auth.bearer'), async () => {
    const policy = { bearer: { token: '${ .token }' } };
    const refused = run({ uri: `${service.origin}/bearer`, policy, input: { token: 'other' } });
    expect(await refused).toMatchObject(failed('authentication', 401, '401'));
    for (const token of ['a b', 'ä', 'a\r\nX-B: c', '']) {
      const odd = run({ uri: `${service.origin}/bearer`, policy, input: { token } });
      expect(await odd).toMatchObject(failed('configuration', 400, 'no header can have'));
    }
    authority.valid.add('plain');
    const uri = `${authority.origin}/resource`;
    expect(await run({ uri, policy, input: { token: 'plain' } })).toEqual(
      done({ welcome: 'plain' }),
    );
  });

  test('a policy of use.authentications', proves('auth.named'), async () => {
    const use = { authentications: { 'my login': { basic: login } } };
    const uri = `${service.origin}/basic`;
    expect(await run({ uri, policy: { use: 'my login' }, use })).toEqual(done({ user: USER }));
  });

  test('fields that are a secret', proves('auth.secret'), async () => {
    secrets['login'] = login;
    const use = { secrets: ['login', 'token'] };
    for (const policy of [{ basic: { use: 'login' } }, { digest: { use: 'login' } }]) {
      const uri = `${service.origin}/${'basic' in policy ? 'basic' : 'digest/MD5/auth'}`;
      const result = await run({ uri, policy, use });
      expect(result).toMatchObject({ ended: 'completed' });
      expect(JSON.stringify(result)).not.toContain('jan');
    }
    authority.valid.add('text-token');
    secrets['token'] = 'text-token';
    const uri = `${authority.origin}/resource`;
    expect(await run({ uri, policy: { bearer: { use: 'token' } }, use })).toEqual(
      done({ welcome: '***' }),
    );
    secrets['login'] = { username: USER };
    const lacking = run({
      uri: `${service.origin}/basic`,
      policy: { basic: { use: 'login' } },
      use,
    });
    expect(await lacking).toMatchObject(failed('configuration', 400, 'basic.password'));
  });

  test.each(['none', 'MD5', 'MD5-sess', 'SHA-256', 'SHA-256-sess', 'SHA-512-256'])(
    'digest with %s',
    proves('auth.digest'),
    async (algorithm) => {
      const policy = { digest: login };
      const more = { method: 'post', body: { n: 1 } };
      for (const qop of ['', 'auth', 'auth-int', 'auth,auth-int']) {
        const uri = `${service.origin}/digest/${algorithm}/${qop}?a=b%20c`;
        const body = '{"n":1}';
        const used = qop === 'auth,auth-int' ? 'auth' : qop;
        expect(await run({ uri, policy, more })).toEqual(done({ qop: used, body }));
        const wrong = { digest: { ...login, password: 'x' } };
        expect(await run({ uri, policy: wrong, more })).toMatchObject(
          failed('authentication', 401, ''),
        );
      }
    },
  );

  test('digest gives the answers of the RFCs', () => {
    const answer = (header: string, password: string, cnonce: string): string =>
      digestAnswer(
        digestChallenge(header)!,
        'Mufasa',
        password,
        { method: 'GET', url: new URL('http://h/dir/index.html'), body: undefined },
        cnonce,
      );
    expect(
      answer(
        'Digest realm="testrealm@host.com", qop="auth,auth-int", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093", opaque="5ccc069c403ebaf9f0171e9517f40e41"',
        'Circle Of Life',
        '0a4f113b',
      ),
    ).toContain('response="6629fae49393a05397450978507c4ef1"');
    const newer = (algorithm: string): string =>
      answer(
        `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"`,
        'Circle of Life',
        'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
      );
    expect(newer('MD5')).toContain('response="8ca523f5e9506fed4657c9700eebdbec"');
    expect(newer('SHA-256')).toContain(
      'response="753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"',
    );
  });

  test('of several challenges the strongest is answered', () => {
    const header =
      'Basic realm="x", Digest realm="a", nonce="1", algorithm=MD5, Digest realm="b", nonce="2", algorithm=SHA-256, Digest nonce="3", algorithm=SHA-999';
    expect(digestChallenge(header)!.parameters.get('nonce')).toBe('2');
    expect(digestChallenge('Basic realm="Digest nonce=1"')).toBeUndefined();
    expect(digestChallenge(null)).toBeUndefined();
  });

  test('$authorization in the arguments', proves('argument.authorization'), async () => {
    const uri = `${service.origin}/basic`;
    const more = {
      headers: {
        'X-Scheme': '${ $authorization.scheme }',
        'X-Both': '${ $authorization | "\\(.scheme) \\(.parameter)" }',
      },
    };
    expect(await run({ uri, policy: { basic: login }, more })).toEqual(done({ user: USER }));
    const { headers } = service.heard.at(-1)!;
    expect(headers['x-scheme']).toBe('Basic');
    expect(headers['x-both']).toBe(headers['authorization']);
  });
});

describe('oauth2', () => {
  const client = (more: Json = {}): Json => ({
    id: `client ${unique}`,
    secret: 's:é/cret',
    ...(more as object),
  });
  const policy = (more: Record<string, Json> = {}): Json => ({
    oauth2: {
      authority: `${authority.origin}/realms/x`,
      grant: 'client_credentials',
      client: client(),
      ...more,
    },
  });
  const ask = (more: Record<string, Json> = {}): Promise<Result> =>
    run({ uri: `${authority.origin}/resource`, policy: policy(more) });
  const sent = () => authority.requests.at(-1)!;
  const welcome = { ended: 'completed', output: { welcome: '***' } };

  test('client_credentials', proves('auth.oauth2.client-credentials'), async () => {
    expect(await ask()).toEqual(welcome);
    expect(sent().fields).toEqual({
      grant_type: 'client_credentials',
      client_id: `client ${unique}`,
      client_secret: 's:é/cret',
    });
    expect(authority.service.heard.map(({ url }) => url)).toContain('/realms/x/oauth2/token');
    await ask({ endpoints: { token: '/auth/token' } });
    expect(authority.service.heard.at(-2)!.url).toBe('/realms/x/auth/token');
    await ask({ endpoints: { token: `${authority.origin}/absolute/token` } });
    expect(authority.service.heard.at(-2)!.url).toBe('/absolute/token');
  });

  test('password', proves('auth.oauth2.password'), async () => {
    expect(await ask({ grant: 'password', username: 'u', password: 'p' })).toEqual(welcome);
    expect(sent().fields).toMatchObject({ grant_type: 'password', username: 'u', password: 'p' });
    expect(await ask({ grant: 'password', username: 'u' })).toMatchObject(
      failed('configuration', 400, 'oauth2.password'),
    );
  });

  test('refresh_token', proves('auth.oauth2.refresh-token'), async () => {
    authority.lifetime = 0;
    authority.refreshToken = 'the-next-one';
    const more = {
      grant: 'refresh_token',
      subject: { token: 'the-first-one', type: 'refresh_token' },
    };
    expect(await ask(more)).toEqual(welcome);
    expect(sent().fields).toMatchObject({
      grant_type: 'refresh_token',
      refresh_token: 'the-first-one',
    });
    // a server that gives another one does not take the first one any more
    expect(await ask(more)).toEqual(welcome);
    expect(sent().fields).toMatchObject({ refresh_token: 'the-next-one' });
  });

  test('token exchange', proves('auth.oauth2.token-exchange'), async () => {
    const type = 'urn:ietf:params:oauth:token-type:jwt';
    const grant = 'urn:ietf:params:oauth:grant-type:token-exchange';
    const subject = { token: 'whose', type };
    expect(await ask({ grant, subject, actor: { token: 'who', type } })).toEqual(welcome);
    expect(sent().fields).toMatchObject({
      grant_type: grant,
      subject_token: 'whose',
      subject_token_type: type,
      actor_token: 'who',
      actor_token_type: type,
    });
  });

  test(
    'client_secret_basic, client_secret_post, none',
    proves('auth.oauth2.client-secret'),
    async () => {
      expect(await ask({ client: client({ authentication: 'client_secret_basic' }) })).toEqual(
        welcome,
      );
      const [id, secret] = Buffer.from(sent().authorization!.slice('Basic '.length), 'base64')
        .toString()
        .split(':')
        .map((part) => decodeURIComponent(part.replaceAll('+', ' ')));
      expect([id, secret]).toEqual([`client ${unique}`, 's:é/cret']);
      expect(sent().fields).toEqual({ grant_type: 'client_credentials' });
      expect(await ask({ client: client({ authentication: 'client_secret_post' }) })).toEqual(
        welcome,
      );
      expect(sent().fields).toMatchObject({ client_secret: 's:é/cret' });
      expect(await ask({ client: client({ authentication: 'none' }) })).toEqual(welcome);
      expect(sent().fields).toEqual({
        grant_type: 'client_credentials',
        client_id: `client ${unique}`,
      });
      expect(sent().authorization).toBeUndefined();
      expect(await ask({ grant: 'password', username: 'u', password: 'p', client: {} })).toEqual(
        welcome,
      );
      expect(sent().fields).toEqual({ grant_type: 'password', username: 'u', password: 'p' });
    },
  );

  test('client_secret_jwt, private_key_jwt', proves('auth.oauth2.client-jwt'), async () => {
    const audience = `${authority.origin}/realms/x/oauth2/token`;
    const expected = { iss: `client ${unique}`, sub: `client ${unique}`, aud: audience };
    const secret = 'a shared secret of some length, for HMAC';
    expect(await ask({ client: client({ secret, authentication: 'client_secret_jwt' }) })).toEqual(
      welcome,
    );
    expect(sent().fields['client_assertion_type']).toMatch(/jwt-bearer$/);
    expect(claimsOf(String(sent().fields['client_assertion']), secret)).toMatchObject(expected);
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    const jwk = JSON.stringify({ ...ec.privateKey.export({ format: 'jwk' }), kid: 'k1' });
    for (const [key, { publicKey }] of [
      [pem, rsa],
      [jwk, ec],
    ] as const) {
      const more = client({ secret: key, authentication: 'private_key_jwt' });
      expect(await ask({ client: more })).toEqual(welcome);
      const assertion = String(sent().fields['client_assertion']);
      expect(claimsOf(assertion, publicKey)).toMatchObject(expected);
      expect(sent().fields).not.toHaveProperty('client_secret');
    }
    const ready = { id: `client ${unique}`, assertion: 'a.b.c', authentication: 'private_key_jwt' };
    expect(await ask({ client: ready })).toEqual(welcome);
    expect(sent().fields).toMatchObject({ client_assertion: 'a.b.c' });
    const none = client({ secret: 'no key', authentication: 'private_key_jwt' });
    expect(await ask({ client: none })).toMatchObject(failed('configuration', 400, 'PEM or JWK'));
  });

  test('request.encoding', proves('auth.oauth2.encoding'), async () => {
    expect(await ask({ request: { encoding: 'application/json' }, audiences: ['a', 'b'] })).toEqual(
      welcome,
    );
    expect(sent()).toMatchObject({
      type: 'application/json',
      fields: { grant_type: 'client_credentials', audience: ['a', 'b'] },
    });
    expect(await ask({ request: { encoding: 'application/x-www-form-urlencoded' } })).toEqual(
      welcome,
    );
    expect(sent().type).toBe('application/x-www-form-urlencoded');
  });

  test('scopes, audiences, issuers', proves('auth.oauth2.scopes'), async () => {
    expect(await ask({ scopes: ['read', 'write'], audiences: ['https://api'] })).toEqual(welcome);
    expect(sent().fields).toMatchObject({ scope: 'read write', audience: 'https://api' });
    const jwt = (iss: string): string =>
      ['{"alg":"none"}', JSON.stringify({ iss }), '']
        .map((part) => Buffer.from(part).toString('base64url'))
        .join('.');
    for (const [iss, ok] of [
      ['https://good', true],
      ['https://bad', false],
    ] as const) {
      const token = jwt(iss);
      authority.valid.add(token);
      authority.refuses = { status: 200, body: { access_token: token, token_type: 'bearer' } };
      const result = await ask({ issuers: ['https://good'], scopes: [iss] });
      if (ok) expect(result).toMatchObject({ ended: 'completed' });
      else expect(result).toMatchObject(failed('authentication', 401, 'issuers'));
    }
  });

  test('a token is kept until it expires, and given back when it is refused', async () => {
    await ask();
    await ask();
    await Promise.all([ask(), ask()]);
    expect(authority.requests).toHaveLength(1);
    authority.valid.clear();
    expect(await ask()).toEqual(welcome);
    expect(authority.requests).toHaveLength(2);
    authority.lifetime = 0;
    await ask({ scopes: ['short'] });
    await ask({ scopes: ['short'] });
    expect(authority.requests).toHaveLength(4);
  });

  test('calls at the same time wait for one token', async () => {
    await Promise.all(Array.from({ length: 20 }, () => ask()));
    expect(authority.requests).toHaveLength(1);
  });

  test('a new token that is refused as well is an authentication error', async () => {
    const uri = `${service.origin}/bearer`;
    expect(await run({ uri, policy: policy() })).toMatchObject(
      failed('authentication', 401, '401'),
    );
    expect(authority.requests).toHaveLength(1);
  });

  test.each([
    [401, { error: 'invalid_client', error_description: 'who?' }, 'authentication', 401, 'who?'],
    [400, { error: 'invalid_grant' }, 'authentication', 401, 'invalid_grant'],
    [403, { error: 'access_denied' }, 'authorization', 403, 'access_denied'],
    [400, { error: 'unauthorized_client' }, 'authorization', 403, 'unauthorized_client'],
    [503, { error: 'temporarily_unavailable' }, 'communication', 503, '503'],
    [429, { error: 'slow_down' }, 'communication', 429, 'slow_down'],
    [500, 'no object', 'communication', 500, '500'],
    [200, { token_type: 'bearer' }, 'authentication', 401, 'gives no token'],
    [200, 'no object', 'authentication', 401, 'gives no token'],
  ])('an authority that answers %i %j', async (status, body, type, as, says) => {
    authority.refuses = { status, body };
    expect(await ask()).toMatchObject(failed(type, as, says));
    authority.refuses = undefined;
    expect(await ask()).toEqual(welcome);
  });

  test('an authority that is not there', async () => {
    const result = await ask({ authority: 'http://127.0.0.1:9' });
    expect(result).toMatchObject(failed('communication', 500, '127.0.0.1:9'));
  });

  test.each<[string, Record<string, Json>, string]>([
    ['no authority', { authority: 'nowhere' }, 'absolute URI'],
    ['no subject', { grant: 'refresh_token' }, 'subject.token'],
    ['no secret', { client: { id: 'a', authentication: 'client_secret_basic' } }, 'client.secret'],
  ])('a policy with %s', async (_name, more, says) => {
    expect(await ask(more)).toMatchObject(failed('configuration', 400, says));
  });

  test('a policy from a secret may have a grant that needs a person', async () => {
    secrets['all'] = {
      authority: authority.origin,
      grant: 'authorization_code',
      client: { id: 'a' },
    };
    const asked = { uri: `${authority.origin}/resource`, policy: { oauth2: { use: 'all' } } };
    expect(await run({ ...asked, use: { secrets: ['all'] } })).toMatchObject(
      failed('configuration', 400, 'needs a person'),
    );
  });

  test('oidc: endpoints are discovered', proves('auth.oidc'), async () => {
    const oidc = {
      authority: `${authority.origin}/realms/y`,
      grant: 'client_credentials',
      client: client(),
    };
    const uri = `${authority.origin}/resource`;
    expect(await run({ uri, policy: { oidc } })).toEqual(welcome);
    const urls = authority.service.heard.map(({ url }) => url);
    expect(urls).toContain('/realms/y/.well-known/openid-configuration');
    expect(urls).toContain('/realms/y/the-token-endpoint');
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const secret = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    const signed = { ...oidc, client: client({ secret, authentication: 'private_key_jwt' }) };
    expect(await run({ uri, policy: { oidc: signed } })).toEqual(welcome);
    expect(claimsOf(String(sent().fields['client_assertion']), rsa.publicKey)).toMatchObject({
      aud: `${authority.origin}/realms/y`,
    });
    const wrong = { ...oidc, authority: `${service.origin}/nothing-here` };
    expect(await run({ uri, policy: { oidc: wrong } })).toMatchObject({ ended: 'faulted' });
  });
});
