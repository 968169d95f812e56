/*
 * URIs of resources: the names under which they are pinned, and the addresses where they are fetched.
 *
 * U1. What a document says relatively is relative to the document that says it. The name of what a
 *     workflow refers to relatively does not depend on where the workflow lies.
 * U2. A name is what people write; that repositories show pages where machines need files is known only
 *     to `addressesOf`.
 */
import type { Endpoint, Use } from '../document.ts';

/** Functions of the default catalog are named below this; where it is only the deployer knows. */
export const DEFAULT_CATALOG = 'catalog://default';

const ABSOLUTE = /^[a-z][a-z0-9+.-]*:/i;

/** `uri` as it is meant in the document named `base`; '' is the workflow itself. */
export function resolveUri(base: string, uri: string): string {
  if (ABSOLUTE.test(uri)) return uri;
  if (ABSOLUTE.test(base)) return new URL(uri, base).href;
  if (uri.startsWith('/')) return uri;
  const steps = [...base.split('/').slice(0, -1), ...uri.split('/')];
  const kept: string[] = [];
  for (const step of steps) {
    if (step === '.' || step === '') continue;
    if (step === '..' && kept.length > 0 && kept.at(-1) !== '..') kept.pop();
    else kept.push(step);
  }
  return kept.join('/');
}

export interface FunctionAddress {
  readonly uri: string;
  /** the catalog that it is in, if that has an endpoint */
  readonly catalog?: string;
}

/** Where the function that `call` names is defined; undefined for what is no reference to a file. */
export function functionAddress(
  call: string,
  use: Use | undefined,
  base: string,
): FunctionAddress | undefined {
  if (/^(?:https?|file):\/\//i.test(call)) return { uri: resolveUri(base, call) };
  const [, name, version, catalog] = /^([^@:\s]+):([^@:\s]+)@(\S+)$/.exec(call) ?? [];
  if (name === undefined || version === undefined || catalog === undefined) return undefined;
  const path = `functions/${name}/${version}/function.yaml`;
  const known = use?.catalogs;
  if (known === undefined || !Object.hasOwn(known, catalog)) {
    return { uri: `${DEFAULT_CATALOG}/${path}` };
  }
  const root = uriOf(known[catalog]!.endpoint).replace(/\/+$/, '');
  return { uri: resolveUri('', `${root}/${path}`), catalog };
}

export function uriOf(endpoint: Endpoint): string {
  return typeof endpoint === 'string' ? endpoint : endpoint.uri;
}

/**
 * The addresses at which a resource is looked for, in order: pages of GitHub and GitLab mean the raw file
 * behind them. A name after `tree` may be a branch or a tag; without one the default branch is meant.
 */
export function addressesOf(uri: string): readonly string[] {
  const github = /^https:\/\/(?:www\.)?github\.com\/([^/]+)\/([^/]+)\/(.+)$/.exec(uri);
  if (github !== null) return githubRaw(github[1]!, github[2]!, github[3]!);
  const page = /^(https?:\/\/.+)\/-\/(?:tree|blob)\/(.+)$/.exec(uri);
  if (page !== null) return [`${page[1]}/-/raw/${page[2]}`];
  const catalog = /^(https:\/\/gitlab\.com\/(?:(?!\/-\/).)+?)\/(functions\/.+)$/.exec(uri);
  return catalog === null ? [uri] : [`${catalog[1]}/-/raw/HEAD/${catalog[2]}`];
}

function githubRaw(owner: string, repository: string, rest: string): string[] {
  const root = `https://raw.githubusercontent.com/${owner}/${repository.replace(/\.git$/, '')}`;
  const page = /^(?:tree|blob)\/([^/]+)\/(.+)$/.exec(rest);
  if (page !== null)
    return [`${root}/refs/heads/${page[1]}/${page[2]}`, `${root}/${page[1]}/${page[2]}`];
  // PATH@REF, the folder of a function
  const versioned = /^([^@]+)@([^@/]+)$/.exec(rest);
  if (versioned !== null) return [`${root}/${versioned[2]}/${versioned[1]}/function.yaml`];
  return [`${root}/HEAD/${rest}`];
}
