/*
 * The door of the DSL front: text to Definition, and the words in which to speak about documents.
 */
export * from './document.ts';
export * from './duration.ts';
export * from './expression.ts';
export { type Conclusion, Pinning } from './resources/pinning.ts';
export * from './resources/references.ts';
export { addressesOf, DEFAULT_CATALOG } from './resources/uris.ts';
export * from './load.ts';
export {
  OpenApiFault,
  operationService,
  pinnedOperation,
  readOpenApi,
  requestOf,
  trimmed,
} from './openapi/index.ts';
export type { Operation, OperationRequest } from './openapi/index.ts';
export * from './problem.ts';
export { unsupported } from './unsupported.ts';
export * from './plan/index.ts';
