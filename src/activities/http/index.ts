/*
 * call: http, carried out.
 *
 * H1. Without `redirect` every status from 300 on is an error; with it 3xx is followed, and what cannot
 *     be followed is an answer like others.
 * H2. An error has the status that the service gave. 401 is an authentication error, 403 an
 *     authorization error, the others are communication errors. Retry-After is told in the detail; when
 *     to try again is for the retry policy of the workflow to say, and for nobody else.
 * H3. Credentials go to the origin that the document names and to no other: a redirect that leads
 *     elsewhere goes without the authentication, without headers that hold secrets, and never with a
 *     body that does.
 */
import type { ActivityAnswer } from '../../ports/index.ts';
import type { Json, JsonObject } from '../../wire/index.ts';
import { cut, refuse, type Refused } from '../errors.ts';
import { type Authenticator, authenticatorOf } from '../auth/index.ts';
import type { Asked } from '../index.ts';
import {
  EXCERPT_BYTES_MAX,
  EXCERPT_CHARS_MAX,
  REDIRECTS_MAX,
  RESULT_BYTES_MAX,
} from '../limits.ts';
import type { Mask } from '../mask.ts';
import { contentType, decoded, isJson } from './content.ts';
import { exchange, type HttpAnswer, tooLarge } from './exchange.ts';
import { type HttpArguments, type HttpRequest, requestOf } from './request.ts';

export async function performHttp(asked: Asked): Promise<ActivityAnswer> {
  const { activity, context, mask } = asked;
  const { authentication: policy } = activity.arguments as unknown as HttpArguments;
  const authenticator = policy === undefined ? undefined : await authenticatorOf(policy, mask);
  const authorization = authenticator?.authorization ?? null;
  const args = (await asked.authorized(authorization as Json)) as unknown as HttpArguments;
  const request = requestOf(args, context.run, activity.key, authorization);
  const { redirect } = args;
  const { answer, last } = await followed(request, redirect, authenticator, asked);
  if (answer.status < 200 || answer.status >= (redirect ? 400 : 300)) {
    throw await refusal(activity.name, answer);
  }
  return { result: await resultOf(args.output, last, answer, mask) };
}

interface Followed {
  readonly answer: HttpAnswer;
  /** the request that it answers */
  readonly last: HttpRequest;
}

async function followed(
  first: HttpRequest,
  redirect: boolean,
  authenticator: Authenticator | undefined,
  { mask, signal }: Asked,
): Promise<Followed> {
  const seen = new Set<string>();
  for (let request = first; ;) {
    const same = request.url.origin === first.url.origin;
    const answer = await authenticated(request, same ? authenticator : undefined, signal);
    const { status } = answer;
    const location = answer.headers.get('location');
    if (!redirect || location === null || ![301, 302, 303, 307, 308].includes(status)) {
      return { answer, last: request };
    }
    await answer.discard();
    seen.add(`${request.method} ${request.url.href}`);
    request = redirected(request, status, location, mask);
    if (seen.has(`${request.method} ${request.url.href}`)) {
      throw refuse('communication', `it is redirected in a circle, to ${request.url.href}`, status);
    }
    if (seen.size > REDIRECTS_MAX) {
      throw refuse('communication', `it is redirected more than ${REDIRECTS_MAX} times`, status);
    }
  }
}

/** One answer, after the service was told what it asks for. */
async function authenticated(
  request: HttpRequest,
  authenticator: Authenticator | undefined,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  for (let { headers } = request; ;) {
    const answer = await exchange({ ...request, headers }, signal);
    if (answer.status !== 401 || authenticator === undefined) return answer;
    const authorization = await authenticator.again(answer.headers, request);
    if (authorization === undefined) return answer;
    await answer.discard();
    headers = new Map([...request.headers, ['authorization', authorization]]);
  }
}

function redirected(
  { body, headers, method, url }: HttpRequest,
  status: number,
  location: string,
  mask: Mask,
): HttpRequest {
  const next = URL.parse(location, url.href);
  if (next === null || (next.protocol !== 'http:' && next.protocol !== 'https:')) {
    throw refuse('communication', `it is redirected to ${JSON.stringify(location)}`, status);
  }
  const turnsGet =
    (status === 303 && method !== 'HEAD') ||
    ((status === 301 || status === 302) && method === 'POST');
  const kept = new Map(headers);
  if (turnsGet) for (const name of ['content-type', 'content-encoding']) kept.delete(name);
  const sent = turnsGet ? undefined : body;
  if (next.origin !== url.origin) {
    // H3
    for (const [name, value] of kept) {
      if (['authorization', 'cookie', 'host'].includes(name) || mask.touches(value))
        kept.delete(name);
    }
    if (sent !== undefined && mask.touches(sent.toString('utf8'))) {
      const detail = `it is redirected to ${next.origin}, and its body holds a secret`;
      throw refuse('communication', detail, status);
    }
  }
  return { method: turnsGet ? 'GET' : method, url: next, headers: kept, body: sent };
}

/** H2 */
async function refusal(name: string, answer: HttpAnswer): Promise<Refused> {
  const { headers, status, statusText } = answer;
  const said = [`${name} was answered with ${status}${statusText === '' ? '' : ` ${statusText}`}`];
  const retryAfter = headers.get('retry-after');
  if (retryAfter !== null) said.push(`; Retry-After: ${retryAfter}`);
  const location = headers.get('location');
  if (status >= 300 && status < 400 && location !== null) {
    said.push(
      `, a redirect to ${location}, and the call does not follow any (redirect: true would)`,
    );
  }
  const excerpt = await excerptOf(answer);
  if (excerpt !== '') said.push(`: ${excerpt}`);
  const kind =
    status === 401 ? 'authentication' : status === 403 ? 'authorization' : 'communication';
  return refuse(kind, cut(said.join('')), status);
}

async function excerptOf(answer: HttpAnswer): Promise<string> {
  const type = contentType(answer.headers.get('content-type'));
  if (!isJson(type) && !/^$|^text\/|xml/.test(type.type)) return '';
  try {
    const text = (await answer.begin(EXCERPT_BYTES_MAX)).toString('utf8').trim();
    return text.length > EXCERPT_CHARS_MAX ? `${text.slice(0, EXCERPT_CHARS_MAX)} ...` : text;
  } catch {
    // the status says enough
    return '';
  }
}

async function resultOf(
  output: HttpArguments['output'],
  { headers, method, url }: HttpRequest,
  answer: HttpAnswer,
  mask: Mask,
): Promise<Json> {
  const bytes = await answer.read(RESULT_BYTES_MAX);
  const type = answer.headers.get('content-type');
  const result =
    output === 'raw'
      ? mask.bytes(bytes).toString('base64')
      : output === 'response'
        ? {
            request: { method, uri: url.href, headers: shown(headers) },
            statusCode: answer.status,
            headers: Object.fromEntries(answer.headers),
            content: decoded(bytes, type),
          }
        : decoded(bytes, type);
  const size = Buffer.byteLength(JSON.stringify(result));
  if (size > RESULT_BYTES_MAX) throw tooLarge(`${size} bytes as ${output}`, RESULT_BYTES_MAX);
  return result;
}

/** Headers as they were sent; how one has authenticated is nobody's data. */
function shown(headers: ReadonlyMap<string, string>): JsonObject {
  return Object.fromEntries(
    [...headers].map(([name, value]) =>
      name === 'authorization' ? [name, value.replace(/\s.*$/s, ' ***')] : [name, value],
    ),
  );
}
