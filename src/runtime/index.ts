export type { Ports, RunnerOptions, RuntimeLimits } from './options.ts';
export { type PlanCompiler, planCompiler, storedDefinition } from './plans.ts';
export { DEFAULT_LIMITS, type PartitionStatus, Runner } from './runner.ts';
export { type StartOptions, startRecord } from './start-record.ts';
