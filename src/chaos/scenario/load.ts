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
import { childWorkflows } from './child-workflows.ts';
import { readScenario } from './read-scenario.ts';
import { successorOf } from './successor.ts';

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
  const [first, besides] = loadWorkflows(source, file, read, findings);
  const loaded = [first, ...besides].filter((result) => result !== undefined);
  const workflows = besides.flatMap(({ definition }) => definition ?? []);
  const definition = first?.definition;
  if (definition !== undefined) {
    checkFit([definition, ...workflows], parts.services, findings);
    checkChildren([definition, ...workflows], findings);
  }
  const notes = loaded.flatMap((result) => result.notes);
  problems.push(
    ...findings.all.map((finding) => placeProblem(finding, source.locate, file)),
    ...loaded.flatMap((result) => result.problems),
    ...notes.filter(isRefusal),
  );
  const others = notes.filter((note) => !isRefusal(note));
  if (definition === undefined || problems.length > 0) {
    return { problems: problems.toSorted(inOrder), notes: others };
  }
  const hash = hashOf(source, definition, workflows);
  const { document } = definition;
  const successor = successorOf(definition);
  const scenario = {
    ...parts,
    file,
    hash,
    definition,
    document,
    workflows,
    ...(successor === undefined ? {} : { successor }),
  };
  return { scenario, problems, notes: others };
}

/** What a replay token belongs to. */
function hashOf({ value }: Source, { hash }: Definition, workflows: readonly Definition[]): string {
  const content = { scenario: value ?? null, definition: hash };
  const more = workflows.map((workflow) => workflow.hash);
  return sha256Hex(canonicalJson(more.length === 0 ? content : { ...content, workflows: more }));
}

function isRefusal({ code }: Problem): boolean {
  return code === 'not-supported-yet';
}

function inOrder(a: Problem, b: Problem): number {
  return a.line - b.line || a.column - b.column;
}

/** The workflow that is started, and those that are deployed besides it. */
function loadWorkflows(
  source: Source,
  file: string,
  read: ReadText,
  findings: Findings,
): [LoadResult | undefined, LoadResult[]] {
  const { value } = source;
  if (!isObject(value)) return [undefined, []];
  const { workflow, workflows = [] } = value;
  const files = filesOf(value['files'], findings);
  const load = (given: Json, pointer: string): LoadResult | undefined =>
    loadWorkflow(given, pointer, source, file, read, files, findings);
  const first = workflow === undefined ? undefined : load(workflow, '/workflow');
  if (!Array.isArray(workflows)) {
    const expected = 'a list of workflow documents, or of { file: path }';
    findings.add('wrong-type', '/workflows', `"workflows" is ${nameOf(workflows)}`, expected);
    return [first, []];
  }
  const besides = (workflows as readonly Json[]).flatMap(
    (one, index) => load(one, `/workflows/${index}`) ?? [],
  );
  checkFiles(files, first === undefined ? besides : [first, ...besides], findings);
  return [first, besides];
}

/** A workflow in the scenario itself, or in the file that it names. */
function loadWorkflow(
  workflow: Json,
  pointer: string,
  { locate }: Source,
  file: string,
  read: ReadText,
  files: ReturnType<typeof filesOf>,
  findings: Findings,
): LoadResult | undefined {
  const member = pointer.slice(1).replace(/\/.*/, '');
  if (!isObject(workflow)) {
    return findings.add(
      'wrong-type',
      pointer,
      `${quote(member)} is ${nameOf(workflow)}`,
      'a workflow document, or { file: path }',
      typeof workflow === 'string' ? { hint: `write { file: ${workflow} }` } : {},
    );
  }
  const path = workflow['file'];
  if (path === undefined) {
    const place: Locate = (within, at) => locate(`${pointer}${within}`, at);
    return withFiles(defineDocument(workflow, {}, place), dirname(file), read, files);
  }
  if (typeof path !== 'string') {
    return findings.add('wrong-type', `${pointer}/file`, `"file" is ${nameOf(path)}`, 'a path');
  }
  try {
    const full = join(dirname(file), path);
    return withFiles(load(read(full), full), dirname(full), read, files);
  } catch (error) {
    return findings.add(
      'unreadable',
      `${pointer}/file`,
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
  return definition === undefined ? { problems, notes: [] } : { ...loaded, definition };
}

/** Every text in the scenario is referred to by some workflow. */
function checkFiles(
  files: ReadonlyMap<string, string>,
  loaded: readonly LoadResult[],
  findings: Findings,
): void {
  if (loaded.some(({ definition }) => definition === undefined)) return;
  const used = new Set(
    loaded.flatMap(({ definition }) => Object.keys(definition?.resources ?? {})),
  );
  for (const name of files.keys()) {
    if (used.has(name)) continue;
    const hint = didYouMean(name, used);
    findings.add(
      'unused-file',
      `/files/${pointerStep(name)}`,
      `the workflow does not refer to ${quote(name)}`,
      'texts that the workflow refers to',
      { at: 'key', ...(hint === undefined ? {} : { hint }) },
    );
  }
}

/** Everything that is called has a service, and every service is called. */
function checkFit(
  definitions: readonly Definition[],
  services: ReadonlyMap<string, Service>,
  findings: Findings,
): void {
  const called = new Set(definitions.flatMap((definition) => [...calledServices(definition)]));
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

/** What a task runs must be among the workflows of the scenario. */
function checkChildren(definitions: readonly Definition[], findings: Findings): void {
  for (const [index, { document }] of definitions.entries()) {
    for (const { namespace, name, version } of childWorkflows(document)) {
      const there = definitions.some(
        (one) =>
          one.namespace === namespace &&
          one.name === name &&
          (version === 'latest' || one.version === version),
      );
      if (there) continue;
      findings.add(
        'no-workflow',
        index === 0 ? '/workflow' : `/workflows/${index - 1}`,
        `a task runs ${quote(`${namespace}/${name}/${version}`)}, and the scenario has no such workflow`,
        'a document of that name under "workflows"',
        { at: 'key' },
      );
    }
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
