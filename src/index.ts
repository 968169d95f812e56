/* The door of the package: run workflows durably inside a program of your own. */
export { FunctionsModuleError, loadFunctions } from './activities/function.ts';
export type { HostContext, HostFunction, HostFunctions } from './activities/function.ts';
export {
  type Engine,
  type EngineOptions,
  openEngine,
  type Result,
  type StartRequest,
} from './presets/embedded.ts';
export { PinFailed, type PinOptions } from './presets/pin.ts';
export type { Transition } from './core/index.ts';
export type { Secrets } from './ports/index.ts';
export { type Definition, load, type LoadResult, type Problem } from './dsl/index.ts';
export type { Json, WorkflowError } from './wire/index.ts';
