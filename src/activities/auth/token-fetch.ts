/*
 * How a token endpoint is talked to: answers of bounded size, requests as a form or, where the policy
 * asks for it, as JSON.
 */
import type { CustomFetch } from 'openid-client';
import { exchange } from '../http/exchange.ts';
import { TOKEN_BYTES_MAX } from '../limits.ts';

export interface TokenFetchOptions {
  /** requests are sent as JSON */
  readonly json: boolean;
  /** an ID token is checked; without an issuer of one's own it means nothing, and is left out */
  readonly keepIdToken: boolean;
}

export function tokenFetch({ json, keepIdToken }: TokenFetchOptions): CustomFetch {
  return async (url, { body, headers, method, signal }) => {
    const sent = new Map(Object.entries(headers));
    let text = body instanceof URLSearchParams ? body.toString() : undefined;
    if (json && body instanceof URLSearchParams) {
      sent.set('content-type', 'application/json');
      text = JSON.stringify(fieldsOf(body));
    }
    const answer = await exchange(
      {
        method,
        url: new URL(url),
        headers: sent,
        body: text === undefined ? undefined : Buffer.from(text),
      },
      signal ?? new AbortController().signal,
    );
    const { status } = answer;
    const read = await answer.read(TOKEN_BYTES_MAX);
    const empty = read.length === 0 || [101, 204, 205, 304].includes(status);
    const told = empty ? null : keepIdToken ? new Uint8Array(read) : withoutIdToken(read);
    return new Response(told, { status, headers: answer.headers });
  };
}

function fieldsOf(form: URLSearchParams): Record<string, string | string[]> {
  const fields: Record<string, string | string[]> = {};
  for (const name of new Set(form.keys())) {
    const values = form.getAll(name);
    fields[name] = values.length === 1 ? values[0]! : values;
  }
  return fields;
}

function withoutIdToken(bytes: Buffer): Uint8Array<ArrayBuffer> | string {
  try {
    const { id_token: _, ...rest } = JSON.parse(bytes.toString('utf8')) as Record<string, unknown>;
    return JSON.stringify(rest);
  } catch {
    return new Uint8Array(bytes);
  }
}
