/* The door of what is known about OpenAPI: documents, their operations, and the requests of these. */
export { OpenApiFault, readOpenApi } from './document.ts';
export { type Operation, operationOf } from './operation.ts';
export { namesOf, type OperationRequest, requestOf, requiredOf } from './request.ts';
export { trimmed } from './trim.ts';
export { operationService, pinnedOperation } from './pinned.ts';
