/*
 * What a document refers to outside itself. A deployer fetches and pins all of it, so that a run never
 * depends on what an address says that day (PROTOCOL R21).
 */
import {
  type Endpoint,
  isTask,
  type OpenApiArguments,
  type ReferenceableAuthentication,
  type Use,
  type WorkflowDocument,
} from '../document.ts';
import { expressionOf } from '../expression.ts';
import { surveyDocument } from '../survey.ts';
import { functionAddress, resolveUri, uriOf } from './uris.ts';

export interface ResourceReference {
  /** JSON pointer of the URI in the document. */
  readonly pointer: string;
  /** The name under which it is pinned. */
  readonly uri: string;
  /** A function refers to resources itself. */
  readonly kind: 'function' | 'other';
  /** what the reading of it needs */
  readonly authentication?: ReferenceableAuthentication;
  /** of an OpenAPI document: the operation that is called */
  readonly operation?: string;
}

/**
 * Functions at a URL or in a catalog, schemas, sources of scripts, OpenAPI and AsyncAPI documents, proto
 * files, agent cards; in order of appearance. What an expression or a URI template decides at run time
 * cannot be pinned and is not listed. `base` is the name of the document, '' for a workflow; `use` is that
 * of the workflow.
 */
export function externalResources(
  document: WorkflowDocument,
  base = '',
  use: Use | undefined = document.use,
): ResourceReference[] {
  const { resources, tasks } = surveyDocument(document);
  const operations = new Map<string, string>();
  for (const { task, pointer } of tasks) {
    if (!isTask(task, 'call') || task.call !== 'openapi') continue;
    operations.set(`${pointer}/with/document`, (task.with as OpenApiArguments).operationId);
  }
  const found: ResourceReference[] = [];
  for (const { pointer, value } of resources) {
    const { endpoint } = value;
    if (!isFixed(uriOf(endpoint))) continue;
    const uri = resolveUri(base, uriOf(endpoint));
    const at = `${pointer}/endpoint${typeof endpoint === 'string' ? '' : '/uri'}`;
    const operation = operations.get(pointer);
    const more = operation === undefined ? {} : { operation };
    found.push({ pointer: at, uri, kind: 'other', ...authenticated(endpoint), ...more });
  }
  for (const { task, pointer } of tasks) {
    if (!isTask(task, 'call') || isOwnFunction(task.call, use)) continue;
    const address = functionAddress(task.call, use, base);
    if (address === undefined) continue;
    const { uri, catalog } = address;
    const endpoint = catalog === undefined ? undefined : use?.catalogs?.[catalog]?.endpoint;
    const more = endpoint === undefined ? {} : authenticated(endpoint);
    found.push({ pointer: `${pointer}/call`, uri, kind: 'function', ...more });
  }
  return found;
}

/** Whether a URI is known when a document is deployed. */
export function isFixed(uri: string): boolean {
  return expressionOf(uri, 'free') === undefined && !/[{}]/.test(uri);
}

/** A function of the workflow's own. */
export function isOwnFunction(call: string, use: Use | undefined): boolean {
  return use?.functions !== undefined && Object.hasOwn(use.functions, call);
}

function authenticated(endpoint: Endpoint): Pick<ResourceReference, 'authentication'> {
  if (typeof endpoint === 'string' || endpoint.authentication === undefined) return {};
  return { authentication: endpoint.authentication };
}
