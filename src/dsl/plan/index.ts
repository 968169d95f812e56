export * from './compile.ts';
export * from './plan.ts';
