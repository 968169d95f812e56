export type { Ports, RunnerOptions, RuntimeLimits } from './options.ts';
export { startedIn } from './recovery.ts';
export { type PlanCompiler, planCompiler, storedDefinition } from './plans.ts';
export { DEFAULT_LIMITS, type PartitionStatus, Runner } from './runner.ts';
export { type StartOptions, startRecord } from './start-record.ts';
export { inTime } from './started-runs.ts';
export { lookUp, type LookUpPorts, type RunStatus, type Whereabouts } from './look-up.ts';
export { EndsReading, type RunEnd, type StrandPlace, type WaitsFor } from './run-reading.ts';
export type { Position } from './validity.ts';
