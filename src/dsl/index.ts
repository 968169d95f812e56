/*
 * The door of the DSL front: text to Definition, and the words in which to speak about documents.
 */
export * from './document.ts';
export * from './duration.ts';
export * from './expression.ts';
export * from './external-resources.ts';
export * from './load.ts';
export { OpenApiFault, readOpenApi, requestOf, trimmed } from './openapi/index.ts';
export type { Operation, OperationRequest } from './openapi/index.ts';
export * from './problem.ts';
export { unsupported } from './unsupported.ts';
export * from './plan/index.ts';
