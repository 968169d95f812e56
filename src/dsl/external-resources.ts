/*
 * What a document refers to outside itself. A deployer fetches and pins all of it, so that a run
 * never depends on what an address says that day (PROTOCOL R21).
 */
import { isTask, type WorkflowDocument } from './document.ts';
import { expressionOf } from './expression.ts';
import { surveyDocument } from './survey.ts';

export interface ResourceReference {
  /** JSON pointer of the URI in the document. */
  readonly pointer: string;
  readonly uri: string;
}

/**
 * Schemas, script sources, OpenAPI and AsyncAPI documents, proto files, agent cards, catalogs and the
 * URLs of functions. What an expression or a URI template decides at run time cannot be pinned and is
 * not listed.
 */
export function externalResources(document: WorkflowDocument): ResourceReference[] {
  const { resources, tasks } = surveyDocument(document);
  const found: ResourceReference[] = [];
  const add = (uri: string, pointer: string): void => {
    if (expressionOf(uri, 'free') === undefined && !/[{}]/.test(uri)) found.push({ pointer, uri });
  };
  const endpoint = (value: string | { readonly uri: string }, pointer: string): void => {
    if (typeof value === 'string') add(value, pointer);
    else add(value.uri, `${pointer}/uri`);
  };
  for (const { pointer, value } of resources) endpoint(value.endpoint, `${pointer}/endpoint`);
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
