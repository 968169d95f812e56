export * from './activities.ts';
export * from './broker.ts';
export * from './clock.ts';
export * from './definitions.ts';
export * from './entropy.ts';
export * from './run-index.ts';
export * from './secrets.ts';
export * from './store.ts';
