/* The door of the reference: a naive interpreter of the DSL that judges the engine. */
export type { Effect } from './fault.ts';
export type { Begun, Called } from './here.ts';
export { interpret, type Reference, type Start } from './interpret.ts';
export type { Answer, Asked, Line } from './line.ts';
export { Unfinished } from './line.ts';
export { type Sent, type Serve, simulatedLine } from './simulated.ts';
