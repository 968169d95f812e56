/*
 * Services that ask who is there: basic, bearer and digest, and an authority that gives tokens and
 * publishes where. They judge by the RFCs with code of their own.
 */
import { createHash, createHmac, type KeyObject, verify } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { type Heard, json, Service } from './http-world.ts';

export interface TokenRequest {
  readonly fields: Readonly<Record<string, string | readonly string[]>>;
  readonly authorization: string | undefined;
  readonly type: string | undefined;
}

/** An authority, and a service that takes its tokens. */
export class Authority {
  readonly requests: TokenRequest[] = [];
  /** tokens that are in force */
  readonly valid = new Set<string>();
  /** of the tokens it gives, s; none = it does not say */
  lifetime: number | undefined = 3600;
  /** answers instead of a token */
  refuses: { status: number; body: unknown } | undefined;
  refreshToken: string | undefined;
  private given = 0;
  readonly service: Service;

  private constructor(service: Service) {
    this.service = service;
  }

  static async open(): Promise<Authority> {
    const service = await Service.open((heard, response) => authority.answer(heard, response));
    const authority = new Authority(service);
    return authority;
  }

  get origin(): string {
    return this.service.origin;
  }

  private answer(heard: Heard, response: ServerResponse): void {
    const { pathname } = new URL(heard.url, 'http://x');
    if (pathname.endsWith('/.well-known/openid-configuration')) {
      const issuer = this.origin + pathname.slice(0, -'/.well-known/openid-configuration'.length);
      return json(response, { issuer, token_endpoint: `${issuer}/the-token-endpoint` });
    }
    if (pathname.startsWith('/resource')) return this.resource(heard, response);
    if (!/token/.test(pathname)) return void response.writeHead(404).end();
    const type = heard.headers['content-type']?.split(';')[0];
    const fields =
      type === 'application/json'
        ? (JSON.parse(heard.body) as TokenRequest['fields'])
        : Object.fromEntries(
            [...new Set(new URLSearchParams(heard.body).keys())].map((name) => {
              const values = new URLSearchParams(heard.body).getAll(name);
              return [name, values.length === 1 ? values[0]! : values];
            }),
          );
    this.requests.push({ fields, authorization: heard.headers['authorization'], type });
    if (this.refuses !== undefined) {
      return json(response, this.refuses.body as never, this.refuses.status);
    }
    const token = `token-number-${++this.given}`;
    this.valid.add(token);
    json(response, {
      access_token: token,
      token_type: 'Bearer',
      issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      ...(this.lifetime === undefined ? {} : { expires_in: this.lifetime }),
      ...(this.refreshToken === undefined ? {} : { refresh_token: this.refreshToken }),
    });
  }

  private resource({ headers }: Heard, response: ServerResponse): void {
    const token = /^Bearer (.+)$/.exec(headers['authorization'] ?? '')?.[1] ?? '';
    if (this.valid.has(token)) return json(response, { welcome: token });
    response.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' }).end();
  }
}

/** Judges a signed assertion; throws what is wrong with it. */
export function claimsOf(assertion: string, key: string | KeyObject): Record<string, unknown> {
  const [head = '', body = '', signature = ''] = assertion.split('.');
  const { alg } = JSON.parse(Buffer.from(head, 'base64url').toString()) as { alg: string };
  const signed = `${head}.${body}`;
  const bytes = Buffer.from(signature, 'base64url');
  const good =
    alg === 'HS256'
      ? createHmac('sha256', key).update(signed).digest().equals(bytes)
      : verify(
          'sha256',
          Buffer.from(signed),
          { key: key as KeyObject, dsaEncoding: 'ieee-p1363' },
          bytes,
        );
  if (!good) throw new Error(`the assertion is not signed (${alg})`);
  return JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>;
}

/** A service with basic, bearer and digest behind paths of these names. */
export async function guarded(username: string, password: string): Promise<Service> {
  return Service.open((heard, response) => {
    const { pathname } = new URL(heard.url, 'http://x');
    const said = heard.headers['authorization'] ?? '';
    const refuse = (challenge: string): void =>
      void response.writeHead(401, { 'www-authenticate': challenge }).end();
    if (pathname === '/basic') {
      const good = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
      return said === good ? json(response, { user: username }) : refuse('Basic realm="x"');
    }
    if (pathname === '/bearer') {
      return said === `Bearer ${password}` ? json(response, { ok: true }) : refuse('Bearer');
    }
    const [, algorithm = 'MD5', qop = ''] = /^\/digest\/([^/]*)\/?(.*)$/.exec(pathname) ?? [];
    const nonce = 'dcd98b7102dd2f0e8b11d0f600bfb0c093';
    const challenge = [
      `Basic realm="no, not this", Digest realm="a \\"realm\\", with commas", nonce="${nonce}"`,
      ...(qop === '' ? [] : [`qop="${qop}"`]),
      ...(algorithm === 'none' ? [] : [`algorithm=${algorithm}`]),
      'opaque="5ccc069c"',
    ].join(', ');
    if (!said.startsWith('Digest ')) return refuse(challenge);
    const fields = new Map(
      [...said.matchAll(/(\w+\*?)=(?:"((?:[^"\\]|\\.)*)"|([^,\s]+))/g)].map(
        ([, name = '', text, bare]) => [name, (text ?? bare ?? '').replaceAll(/\\(.)/g, '$1')],
      ),
    );
    const hash = (text: string): string =>
      createHash(
        /sha-512-256/i.test(algorithm) ? 'sha512-256' : /sha/i.test(algorithm) ? 'sha256' : 'md5',
      )
        .update(text)
        .digest('hex');
    const field = (name: string): string => fields.get(name) ?? '';
    let ha1 = hash(`${username}:a "realm", with commas:${password}`);
    if (/-sess$/i.test(algorithm)) ha1 = hash(`${ha1}:${nonce}:${field('cnonce')}`);
    const used = field('qop');
    const ha2 = hash(
      used === 'auth-int'
        ? `${heard.method}:${heard.url}:${hash(heard.body)}`
        : `${heard.method}:${heard.url}`,
    );
    const good =
      used === ''
        ? hash(`${ha1}:${nonce}:${ha2}`)
        : hash(`${ha1}:${nonce}:${field('nc')}:${field('cnonce')}:${used}:${ha2}`);
    const right =
      field('response') === good && field('uri') === heard.url && field('opaque') === '5ccc069c';
    return right ? json(response, { qop: used, body: heard.body }) : refuse(challenge);
  });
}
