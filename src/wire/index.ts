export * from './canonical-json.ts';
export * from './codec.ts';
export * from './hash.ts';
export * from './json.ts';
export * from './limits.ts';
export * from './record.ts';
export * from './state.ts';
