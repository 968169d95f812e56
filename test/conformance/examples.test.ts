/*
 * The specification's own documents: every example is valid, every invalid one is refused, and the
 * workflows of the conformance kit load. They are read in place; where they are absent, skipped.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { load } from '../../src/dsl/load.ts';

const DATA = new URL('../../../shared/data/', import.meta.url);

function files(folder: string, extension: string): string[] {
  const at = new URL(`${folder}/`, DATA);
  return existsSync(at) ? readdirSync(at).filter((name) => name.endsWith(extension)) : [];
}
const read = (folder: string, name: string): string =>
  readFileSync(new URL(`${folder}/${encodeURIComponent(name)}`, DATA), 'utf8');

const examples = files('examples', '.yaml');
describe.skipIf(examples.length === 0)('examples of the specification', () => {
  test.each(examples)('%s is valid', (name) => {
    const { problems, definition } = load(read('examples', name), name);
    expect(problems).toEqual([]);
    expect(definition).toBeDefined();
  });
});

/** file -> the problems it must get */
const REFUSALS: Readonly<Record<string, readonly string[]>> = {
  'extra-property-in-call.yaml': ['unknown-property'],
  'listen-any-until-any-until.yaml': ['duplicate-key', 'unknown-property'],
  'two-tasks-in-one-item.yaml': ['task-item'],
};
const invalid = files('invalid', '.yaml');
describe.skipIf(invalid.length === 0)('invalid examples of the specification', () => {
  test.each(invalid)('%s is refused', (name) => {
    const codes = load(read('invalid', name), name).problems.map(({ code }) => code);
    expect(codes.length).toBeGreaterThan(0);
    if (REFUSALS[name] !== undefined) expect(codes).toEqual(REFUSALS[name]);
  });
});

const features = files('ctk', '.feature');
describe.skipIf(features.length === 0)('workflows of the conformance kit', () => {
  const documents = features.flatMap((name) =>
    [...read('ctk', name).matchAll(/definition:\s*"""yaml\n([\s\S]*?)"""/g)].map(
      (match, index) => [`${name} ${index + 1}`, match[1] ?? ''] as const,
    ),
  );
  test.each(documents)('%s is valid', (name, text) => {
    expect(load(text, name).problems).toEqual([]);
  });
});
