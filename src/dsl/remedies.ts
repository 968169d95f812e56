/*
 * Where a misplaced key belongs, and what people mean by the keys of other workflow languages.
 */
import { TASK_KINDS } from './document.ts';
import { listWords, quote } from './problem.ts';
import type { Schema } from './schema/build.ts';
import { WORKFLOW_SCHEMA } from './schema/workflow.ts';

type Members = Readonly<Record<string, Schema>>;

/** What a key of another language (or of habit) is called here. */
const OTHER_WORDS: Readonly<Record<string, string>> = {
  action: '`call: NAME`',
  assign: '`set`',
  bash: '`run: { shell: { command } }`',
  choice: '`switch`',
  container: '`run: { container }`',
  delay: '`wait`',
  event: '`emit` or `listen`',
  foreach: '`for`',
  function: '`call: NAME`',
  goto: '`then: NAME` on the task before',
  grpc: '`call: grpc`',
  http: '`call: http`',
  loop: '`for`',
  openapi: '`call: openapi`',
  parallel: '`fork`',
  print: '`call: NAME` of a function of yours',
  receive: '`listen`',
  script: '`run: { script }`',
  sequence: '`do`',
  shell: '`run: { shell: { command } }`',
  sleep: '`wait`',
  steps: '`do`',
  subflow: '`run: { workflow }`',
  tasks: '`do`',
  throw: '`raise`',
  timer: '`wait`',
  while: '`for` with `while`',
  workflow: '`run: { workflow }`',
};

/** For a task without a kind: what one of its keys is called here. */
export function remedyForKey(task: unknown): string | undefined {
  if (typeof task !== 'object' || task === null) return undefined;
  for (const key of Object.keys(task)) {
    const words = Object.hasOwn(OTHER_WORDS, key) ? OTHER_WORDS[key] : undefined;
    if (words !== undefined) return `${quote(key)} is ${words} here`;
  }
  return undefined;
}

/** Where the property `name` could stand instead of in `schema`; undefined when nowhere. */
export function belongsIn(name: string, schema: Schema, owner: string): string | undefined {
  if (schema.code === 'task' && (TASK_KINDS as readonly string[]).includes(name)) {
    return `a task does one thing, and this is ${owner}: make ${quote(name)} a task of its own`;
  }
  const own = (schema.properties ?? {}) as Members;
  for (const [key, child] of Object.entries(own)) {
    if (knows(child, name, 0)) return `it belongs in ${quote(key)}`;
  }
  if (Object.hasOwn(own, 'document') && Object.hasOwn(own, 'use')) {
    return 'write x-... for keys of your own, or use document.metadata';
  }
  const places = [...placesOf(name)].filter((place) => place !== owner);
  if (places.length > 0) return `it belongs in ${listWords(places.slice(0, 4))}`;
  return schema.code === 'task' ? 'data of your own goes in `metadata`' : undefined;
}

/** True when the object that `schema` describes has the property, in whatever branch. */
function knows(schema: Schema, name: string, depth: number): boolean {
  if (depth > 12) return false;
  if (Object.hasOwn((schema.properties ?? {}) as Members, name)) return true;
  const branches = [
    schema.then,
    schema.else,
    resolve(schema),
    ...((schema.allOf ?? []) as Schema[]),
  ];
  return branches.some(
    (branch) =>
      typeof branch === 'object' && branch !== null && knows(branch as Schema, name, depth + 1),
  );
}

function resolve(schema: Schema): Schema | undefined {
  const name = /^#\/\$defs\/(.*)$/.exec((schema.$ref as string | undefined) ?? '')?.[1];
  return name === undefined ? undefined : (WORKFLOW_SCHEMA.$defs as Members)[name];
}

let index: Map<string, Set<string>> | undefined;

/** The titles of all objects that have a property of this name. Built when first asked for. */
function placesOf(name: string): ReadonlySet<string> {
  if (index === undefined) {
    index = new Map();
    collect(WORKFLOW_SCHEMA, index);
  }
  return index.get(name) ?? new Set();
}

function collect(schema: unknown, into: Map<string, Set<string>>): void {
  if (typeof schema !== 'object' || schema === null) return;
  const { title, properties } = schema as { title?: unknown; properties?: object };
  if (typeof title === 'string' && properties !== undefined) {
    for (const name of Object.keys(properties)) {
      into.set(name, (into.get(name) ?? new Set()).add(title));
    }
  }
  for (const part of Object.values(schema)) collect(part, into);
}
