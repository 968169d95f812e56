/*
 * Text -> Scenario: the door for scenario files. Never throws on bad input: one problem per mistake,
 * with file, line, column, JSON pointer, what was expected, and a hint where there is one.
 *
 * Owns: the order of the steps (text, shape, workflow, how the two fit). A scenario is there exactly
 * when there are no problems.
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  type Definition,
  defineDocument,
  didYouMean,
  load,
  type LoadResult,
  type Locate,
  Pinning,
  placeProblem,
  type Problem,
  quote,
} from '../../dsl/index.ts';
import { resolveUri } from '../../dsl/resources/uris.ts';
import { readSource, type Source } from '../../dsl/source.ts';
import { canonicalJson } from '../../wire/canonical-json.ts';
import { type Json, pointerStep } from '../../wire/json.ts';
import { sha256Hex } from '../../wire/hash.ts';
import { calledServices } from './called-services.ts';
import { Fields, Findings, isObject, nameOf } from './fields.ts';
import type { Scenario, Service } from './format.ts';
import { readScenario } from './read-scenario.ts';

export interface ScenarioResult {
  /** there exactly when there are no problems */
  readonly scenario?: Scenario;
  readonly problems: readonly Problem[];
  readonly notes: readonly Problem[];
}

/** Gives the text of a file that a scenario names; throws what cannot be read. */
export type ReadText = (path: string) => string;

const readText: ReadText = (path) => readFileSync(path, 'utf8');

/** Loads a scenario from its file. */
export function loadScenarioFile(file: string, read: ReadText = readText): ScenarioResult {
  let text: string;
  try {
    text = read(file);
  } catch (error) {
    const message = `the scenario cannot be read: ${reasonOf(error)}`;
    const finding = { code: 'unreadable', message, pointer: '', expected: 'a YAML file' };
    return { problems: [placeProblem(finding, () => undefined, file)], notes: [] };
  }
  return loadScenario(text, file, read);
}

export function loadScenario(
  text: string,
  file: string,
  read: ReadText = readText,
): ScenarioResult {
  const source = readSource(text, file);
  const findings = new Findings();
  const problems: Problem[] = source.findings.map(({ place, ...finding }) =>
    placeProblem(finding, place === undefined ? source.locate : () => place, file),
  );
  if (source.value === undefined) return { problems, notes: [] };
  const parts = readScenario(source.value, findings);
  const workflow = loadWorkflow(source, file, read, findings);
  const definition = workflow?.definition;
  if (definition !== undefined) checkFit(definition, parts.services, findings);
  problems.push(
    ...findings.all.map((finding) => placeProblem(finding, source.locate, file)),
    ...(workflow?.problems ?? []),
    ...(workflow?.notes ?? []).filter(({ code }) => code === 'not-supported-yet'),
  );
  const notes = (workflow?.notes ?? []).filter(({ code }) => code !== 'not-supported-yet');
  if (definition === undefined || problems.length > 0) {
    return { problems: problems.toSorted(inOrder), notes };
  }
  const hash = sha256Hex(canonicalJson({ scenario: source.value, definition: definition.hash }));
  const { document } = definition;
  return { scenario: { ...parts, file, hash, definition, document }, problems, notes };
}

function inOrder(a: Problem, b: Problem): number {
  return a.line - b.line || a.column - b.column;
}

/** The workflow in the scenario itself, or in the file that it names. */
function loadWorkflow(
  { locate, value }: Source,
  file: string,
  read: ReadText,
  findings: Findings,
): LoadResult | undefined {
  const workflow = isObject(value) ? value['workflow'] : undefined;
  if (workflow === undefined) return undefined;
  if (!isObject(workflow)) {
    return findings.add(
      'wrong-type',
      '/workflow',
      `"workflow" is ${nameOf(workflow)}`,
      'a workflow document, or { file: path }',
      typeof workflow === 'string' ? { hint: `write { file: ${workflow} }` } : {},
    );
  }
  const files = filesOf((value as { readonly [key: string]: Json })['files'], findings);
  const path = workflow['file'];
  if (path === undefined) {
    const place: Locate = (pointer, at) => locate(`/workflow${pointer}`, at);
    return withFiles(defineDocument(workflow, {}, place), dirname(file), read, files, findings);
  }
  if (typeof path !== 'string') {
    return findings.add('wrong-type', '/workflow/file', `"file" is ${nameOf(path)}`, 'a path');
  }
  try {
    const full = join(dirname(file), path);
    return withFiles(load(read(full), full), dirname(full), read, files, findings);
  } catch (error) {
    return findings.add(
      'unreadable',
      '/workflow/file',
      `the workflow ${quote(path)} cannot be read: ${reasonOf(error)}`,
      'a path relative to the scenario',
    );
  }
}

/** Texts in the scenario itself, by the name under which the workflow refers to them. */
function filesOf(value: Json | undefined, findings: Findings): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  const fields = Fields.of(value ?? {}, '/files', '"files"', undefined, findings);
  for (const name of fields?.keys ?? []) {
    const text = fields?.text(name);
    if (text !== undefined) files.set(resolveUri('', name), text);
  }
  return files;
}

/**
 * What the workflow refers to stands in the scenario, or is read from files beside it: a scenario needs
 * no network.
 */
function withFiles(
  loaded: LoadResult,
  folder: string,
  read: ReadText,
  files: ReadonlyMap<string, string>,
  findings: Findings,
): LoadResult {
  if (loaded.definition === undefined) return loaded;
  const pinning = new Pinning(loaded.definition);
  for (let missing = pinning.missing; missing.length > 0; missing = pinning.missing) {
    for (const { uri } of missing) {
      const given = files.get(uri);
      if (given !== undefined) {
        pinning.give(uri, given, uri);
        continue;
      }
      if (/^[a-z][a-z0-9+.-]*:/i.test(uri)) {
        pinning.refuse(
          uri,
          'a scenario reads files only',
          'put a copy of it under `files`, or beside the scenario, and name its path',
        );
        continue;
      }
      try {
        pinning.give(uri, read(join(folder, uri)), uri);
      } catch (error) {
        pinning.refuse(uri, reasonOf(error));
      }
    }
  }
  const { definition, problems } = pinning.conclude();
  if (definition === undefined) return { problems, notes: [] };
  for (const name of files.keys()) {
    if (Object.hasOwn(definition.resources, name)) continue;
    const hint = didYouMean(name, Object.keys(definition.resources));
    findings.add(
      'unused-file',
      `/files/${pointerStep(name)}`,
      `the workflow does not refer to ${quote(name)}`,
      'texts that the workflow refers to',
      { at: 'key', ...(hint === undefined ? {} : { hint }) },
    );
  }
  return { ...loaded, definition };
}

/** Everything that is called has a service, and every service is called. */
function checkFit(
  definition: Definition,
  services: ReadonlyMap<string, Service>,
  findings: Findings,
): void {
  const called = calledServices(definition);
  for (const name of called) {
    if (services.has(name)) continue;
    const hint = didYouMean(name, services.keys());
    findings.add(
      'no-service',
      services.size === 0 ? '/workflow' : '/services',
      `the workflow calls ${quote(name)}, and no service has that name`,
      `a service ${quote(name)}`,
      { at: 'key', ...(hint === undefined ? {} : { hint }) },
    );
  }
  for (const name of services.keys()) {
    if (called.has(name)) continue;
    const hint = didYouMean(name, called);
    findings.add(
      'unused-service',
      `/services/${pointerStep(name)}`,
      `no task of the workflow calls ${quote(name)}`,
      'services that the workflow calls',
      { at: 'key', ...(hint === undefined ? {} : { hint }) },
    );
  }
}

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  switch (code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EISDIR':
      return 'it is a directory';
    case 'EACCES':
      return 'permission denied';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
