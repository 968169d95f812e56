/** jq 1.8 compiled to closures: the door of this folder. README.md says how it works. */
export { DEVIATIONS, type Deviation } from './builtins/deviations.ts';
export type { Allow } from './builtins/host.ts';
export { JqError, JqSyntaxError } from './errors.ts';
export { DEFAULT_FUEL, DEFAULT_OUTPUT_NODES } from './limits.ts';
export { BUILTINS, compile, type CompileOptions, type Host, type Program } from './program.ts';
export type { Json, JsonObject } from './values/json.ts';
export { compareJson } from './values/order.ts';
export { plainText as toText, textOf as toJson } from './values/text.ts';
