/*
 * Reads what a definition refers to outside itself and makes it part of the definition (PROTOCOL.md R21),
 * so that its runs never depend on what an address says later.
 */
import { systemResources } from '../adapters/system/index.ts';
import {
  addressesOf,
  type AuthenticationPolicy,
  type Conclusion,
  DEFAULT_CATALOG,
  type Definition,
  Pinning,
  type Problem,
  type ResourceReference,
  unsupported,
} from '../dsl/index.ts';
import { ResourceMissing, type Resources, type Secrets } from '../ports/index.ts';
import type { Json } from '../wire/index.ts';

export interface PinOptions {
  /** default: over HTTP and from files */
  readonly resources?: Resources;
  /** URI to which relative addresses are relative; without it there are none */
  readonly base?: string;
  /** URI below which the default catalog is: what `name:version@default` means */
  readonly catalog?: string;
  /** for resources whose authentication uses a secret */
  readonly secrets?: Secrets;
}

/** A resource cannot be had, or is not what it should be; `problems` name the places. */
export class PinFailed extends Error {
  override readonly name = 'PinFailed';
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super(problems.map(({ message }) => message).join('; '));
    this.problems = problems;
  }
}

/** The definition with all its resources: itself if it needs none, or has them. Rejects with PinFailed. */
export async function pinned(
  definition: Definition,
  options: PinOptions = {},
): Promise<Definition> {
  const { definition: whole, problems } = await gathered(definition, options);
  if (whole === undefined) throw new PinFailed(problems);
  return whole;
}

/** `offline`: what is on other machines is left and noted. */
export async function gathered(
  definition: Definition,
  options: PinOptions & { readonly offline?: true },
): Promise<Conclusion> {
  // What cannot run is refused for what it is.
  if (unsupported(definition.document).length > 0) return { definition, problems: [], notes: [] };
  const pinning = new Pinning(definition);
  for (let missing = pinning.missing; missing.length > 0; missing = pinning.missing) {
    await Promise.all(
      missing.map(async (reference) => {
        const { uri } = reference;
        try {
          if (options.offline && !isHere(uri, options)) return pinning.leave(uri);
          const addresses = addressesOf(absolute(uri, options));
          const { text, address } = await textOf(reference, addresses, definition, options);
          pinning.give(uri, text, address);
        } catch (error) {
          pinning.refuse(uri, error instanceof Error ? error.message : String(error));
        }
      }),
    );
  }
  return pinning.conclude();
}

/** Whether it is in a file, as far as can be said. */
function isHere(uri: string, options: PinOptions): boolean {
  const { base, catalog } = options;
  if (uri.startsWith(`${DEFAULT_CATALOG}/`)) return catalog?.startsWith('file:') === true;
  return URL.parse(uri, base)?.protocol === 'file:';
}

async function textOf(
  { authentication }: ResourceReference,
  addresses: readonly string[],
  definition: Definition,
  options: PinOptions,
): Promise<{ readonly text: string; readonly address: string }> {
  const { resources = systemResources } = options;
  const authorization =
    authentication === undefined
      ? undefined
      : await authorize(policyOf(authentication, definition), options.secrets);
  for (const [index, address] of addresses.entries()) {
    try {
      return { text: await resources.read(address, authorization), address };
    } catch (error) {
      if (!(error instanceof ResourceMissing) || index === addresses.length - 1) throw error;
    }
  }
  throw new Error('there is no address to ask');
}

function absolute(uri: string, { base, catalog }: PinOptions): string {
  if (uri.startsWith(`${DEFAULT_CATALOG}/`)) {
    if (catalog === undefined) {
      throw new Error('there is no default catalog; name one, or declare use.catalogs.default');
    }
    return catalog.replace(/\/+$/, '') + uri.slice(DEFAULT_CATALOG.length);
  }
  const address = URL.parse(uri, base);
  if (address === null) throw new Error('the address is relative, and nothing says to what');
  if (address.hash !== '') throw new Error('the address names a part (#); name the whole');
  return address.href;
}

// -- credentials ---------------------------------------------------------------------------------

type Fields = { readonly [name: string]: Json };

function policyOf(
  given: NonNullable<ResourceReference['authentication']>,
  { document }: Definition,
): AuthenticationPolicy {
  return 'use' in given ? document.use!.authentications![given.use]! : given;
}

/** The header of a request for a resource: basic and bearer, from texts or from a secret. */
async function authorize(
  policy: AuthenticationPolicy,
  secrets: Secrets | undefined,
): Promise<string> {
  const [scheme, fields] = Object.entries(policy)[0] as [string, Fields];
  if (scheme !== 'basic' && scheme !== 'bearer') {
    throw new Error(`resources are read with basic or bearer authentication, not with ${scheme}`);
  }
  const known = await fieldsOf(fields, secrets);
  const part = (name: string): string => {
    const value = known[name];
    if (typeof value === 'string' && !value.includes('${')) return value;
    throw new Error(
      `the ${name} for it must be a text, or come from { ${scheme}: { use: SECRET } }`,
    );
  };
  if (scheme === 'bearer') return `Bearer ${part('token')}`;
  return `Basic ${Buffer.from(`${part('username')}:${part('password')}`).toString('base64')}`;
}

async function fieldsOf(fields: Fields, secrets: Secrets | undefined): Promise<Fields> {
  const { use: name } = fields;
  if (typeof name !== 'string') return fields;
  const secret = await secrets?.get(name);
  if (typeof secret === 'object' && secret !== null && !Array.isArray(secret)) {
    return secret as Fields;
  }
  throw new Error(`reading it needs the secret ${name}, an object of fields, which is not here`);
}
