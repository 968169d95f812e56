/*
 * Resources from where their addresses say: over HTTP, and from files.
 *
 * Bounded in time and size: what is read becomes part of a definition.
 */
import { open } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ResourceMissing, type Resources } from '../../ports/index.ts';

/** One resource, bytes. What is used of it is stored with the definition, which has a limit of its own. */
const BYTES_MAX = 16 * 1024 * 1024;
/** How long a server may take for one resource, ms. */
const PATIENCE_MS = 30_000;

export const systemResources: Resources = {
  async read(uri, authorization) {
    const { protocol } = new URL(uri);
    if (protocol === 'http:' || protocol === 'https:') {
      return textOf(await overHttp(uri, authorization));
    }
    if (protocol === 'file:') return textOf(await fromFile(uri));
    throw new Error(`${protocol} addresses cannot be read; use https:, http: or file:`);
  },
};

async function overHttp(uri: string, authorization?: string): Promise<Uint8Array> {
  let response: Response;
  const headers = authorization === undefined ? {} : { authorization };
  try {
    response = await fetch(uri, { headers, signal: AbortSignal.timeout(PATIENCE_MS) });
    if (response.ok) return await bounded(response);
  } catch (error) {
    throw new Error(reasonOf(error), { cause: error });
  }
  await response.body?.cancel();
  const { status, statusText } = response;
  const said = `the server answers ${status} ${statusText}`.trim();
  throw status === 404 || status === 410 ? new ResourceMissing(said) : new Error(said);
}

async function bounded({ body }: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    const bytes = chunk as Uint8Array;
    size += bytes.length;
    if (size > BYTES_MAX) throw tooLarge();
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

async function fromFile(uri: string): Promise<Uint8Array> {
  try {
    const file = await open(fileURLToPath(uri));
    try {
      const { size } = await file.stat();
      if (size > BYTES_MAX) throw tooLarge();
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code === 'ENOENT'
      ? new ResourceMissing('there is no such file', { cause: error })
      : error;
  }
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new Error('it is not UTF-8 text', { cause: error });
  }
}

function tooLarge(): Error {
  return new Error(`it has more than ${BYTES_MAX / 1024 / 1024} MB`);
}

/** fetch hides why it failed in the cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `there is no answer within ${PATIENCE_MS / 1000} s`;
  return error.cause instanceof Error && error.cause.message !== ''
    ? error.cause.message
    : error.message;
}
