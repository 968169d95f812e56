/*
 * What a document refers to outside itself. A deployer reads and pins all of it, so that a run never
 * depends on what an address says that day (PROTOCOL R21).
 */
import { isTask, type OpenApiArguments, type WorkflowDocument } from './document.ts';
import { expressionOf } from './expression.ts';
import { surveyDocument } from './survey.ts';

export interface ResourceReference {
  /** JSON pointer of the URI in the document. */
  readonly pointer: string;
  readonly uri: string;
  /** the reading of it needs credentials */
  readonly authenticated?: true;
  /** of an OpenAPI document: the operation that is called */
  readonly operation?: string;
}

/**
 * Schemas, script sources, OpenAPI and AsyncAPI documents, proto files, agent cards, catalogs and the
 * URLs of functions. What an expression or a URI template decides at run time cannot be pinned and is
 * not listed.
 */
export function externalResources(document: WorkflowDocument): ResourceReference[] {
  const { resources, tasks } = surveyDocument(document);
  const operations = new Map<string, string>();
  for (const { task, pointer } of tasks) {
    if (!isTask(task, 'call') || task.call !== 'openapi') continue;
    operations.set(`${pointer}/with/document`, (task.with as OpenApiArguments).operationId);
  }
  const found: ResourceReference[] = [];
  const add = (uri: string, pointer: string, more: Partial<ResourceReference> = {}): void => {
    if (isFixed(uri)) found.push({ pointer, uri, ...more });
  };
  const endpoint = (
    value: string | { readonly uri: string; readonly authentication?: object },
    pointer: string,
    more: Partial<ResourceReference> = {},
  ): void => {
    if (typeof value === 'string') return add(value, pointer, more);
    const authenticated =
      value.authentication === undefined ? {} : { authenticated: true as const };
    add(value.uri, `${pointer}/uri`, { ...more, ...authenticated });
  };
  for (const { pointer, value } of resources) {
    const operation = operations.get(pointer);
    endpoint(value.endpoint, `${pointer}/endpoint`, operation === undefined ? {} : { operation });
  }
  for (const [name, catalog] of Object.entries(document.use?.catalogs ?? {})) {
    const step = name.replaceAll('~', '~0').replaceAll('/', '~1');
    endpoint(catalog.endpoint, `/use/catalogs/${step}/endpoint`);
  }
  for (const { task, pointer } of tasks) {
    if (isTask(task, 'call') && /^[a-z][a-z0-9+.-]*:\/\//i.test(task.call)) {
      add(task.call, `${pointer}/call`);
    }
  }
  return found;
}

/** True for an address that is no expression and no template: it can be read before anything runs. */
export function isFixed(uri: string): boolean {
  return expressionOf(uri, 'free') === undefined && !/[{}]/.test(uri);
}

/** The address of an external resource, without what is needed to read it. */
export function uriOf(endpoint: string | { readonly uri: string }): string {
  return typeof endpoint === 'string' ? endpoint : endpoint.uri;
}
