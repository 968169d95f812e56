/*
 * One request on the wire and its answer, by the fetch of Node.
 *
 * N1. Nothing is followed, nothing is retried: one request, one answer.
 * N2. An answer is read up to a limit, and never into memory beyond it.
 * N3. What goes wrong below HTTP is a communication error that says what and where; it never hangs: the
 *     signal ends it, at whatever stage.
 */
import { refuse, type Refused } from '../errors.ts';
import { CONNECT_MS_MAX } from '../limits.ts';
import type { HttpRequest } from './request.ts';

export interface HttpAnswer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Headers;
  /** The body; throws a communication error when it has more bytes than that. */
  read(bytesMax: number): Promise<Buffer>;
  /** The beginning of the body. */
  begin(bytesMax: number): Promise<Buffer>;
  /** Lets the rest of it go. */
  discard(): Promise<void>;
}

export async function exchange(
  { body, headers, method, url }: HttpRequest,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  // An answer that is not wanted to its end is broken off; one that is not wanted at all never begins.
  const ending = new AbortController();
  const both = AbortSignal.any([signal, ending.signal]);
  const agent = dispatcher();
  const init = {
    method,
    headers: [...headers],
    redirect: 'manual' as const,
    signal: both,
    ...(body === undefined ? {} : { body: new Uint8Array(body) }),
    ...(agent === undefined ? {} : { dispatcher: agent }),
  };
  let response: Response;
  try {
    response = await fetch(url, init as RequestInit);
  } catch (error) {
    throw failed(error, url);
  }
  const { status, statusText } = response;
  const chunks = async (bytesMax: number, more: () => void): Promise<Buffer> => {
    const read: Uint8Array[] = [];
    let size = 0;
    try {
      for await (const chunk of response.body ?? []) {
        size += chunk.length;
        read.push(chunk);
        if (size > bytesMax) {
          more();
          break;
        }
      }
    } catch (error) {
      throw failed(error, url);
    }
    return Buffer.concat(read);
  };
  return {
    status,
    statusText,
    headers: response.headers,
    async read(bytesMax) {
      const said = Number(response.headers.get('content-length') ?? 0);
      if (said > bytesMax && !response.headers.has('content-encoding')) {
        ending.abort();
        throw tooLarge(`${said} bytes`, bytesMax);
      }
      let over = false;
      const bytes = await chunks(bytesMax, () => (over = true));
      if (!over) return bytes;
      ending.abort();
      throw tooLarge(`more than ${bytesMax} bytes`, bytesMax);
    },
    async begin(bytesMax) {
      const bytes = await chunks(bytesMax, () => ending.abort());
      return bytes.subarray(0, bytesMax);
    },
    async discard() {
      try {
        await response.body?.cancel();
      } catch {
        // it is not wanted anyway
      }
    },
  };
}

export function tooLarge(has: string, bytesMax: number): Refused {
  return refuse(
    'communication',
    `the answer has ${has}, and a workflow can take ${bytesMax}: ask for less, or let the service keep it and pass on where it is`,
  );
}

/**
 * Node's own agent gives up after five minutes without a byte, whatever the task allows. This one
 * waits: the task's timeout decides. Made of the one in force, so that proxies stay in force.
 */
let patient: unknown;
function dispatcher(): unknown {
  if (patient !== undefined) return patient;
  const key = Symbol.for('undici.globalDispatcher.1');
  const inForce = (globalThis as unknown as Record<symbol, object | undefined>)[key];
  const Agent = inForce?.constructor as (new (options: object) => unknown) | undefined;
  try {
    patient =
      Agent && new Agent({ headersTimeout: 0, bodyTimeout: 0, connectTimeout: CONNECT_MS_MAX });
  } catch {
    // an agent of the program around, which takes other options: its own times are in force
    patient = inForce;
  }
  return patient;
}

/** N3 */
function failed(error: unknown, { host, hostname }: URL): Refused {
  const codes = codesOf(error);
  const code = codes[0] ?? '';
  const at = (what: string): Refused =>
    refuse('communication', `${host} ${what}${code === '' ? '' : ` (${code})`}`);
  switch (code) {
    case 'ECONNREFUSED':
      return at('refuses the connection');
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return refuse('communication', `the host ${hostname} is not known (${code})`);
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
    case 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH':
      return at('has broken the connection off');
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
      return at('does not answer');
    default:
      return at(`cannot be talked to: ${messageOf(error)}`);
  }
}

function codesOf(error: unknown): readonly string[] {
  if (typeof error !== 'object' || error === null) return [];
  const { code, cause, errors } = error as { code?: unknown; cause?: unknown; errors?: unknown };
  const inner = [...(Array.isArray(errors) ? errors : []), cause].flatMap(codesOf);
  return typeof code === 'string' ? [code, ...inner] : inner;
}

/** The innermost message: the outer one is "fetch failed". */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? messageOf(error.cause) : error.message;
}
