/* The story of a run: every step, what led there, what changed; in a terminal, as a page, from one record. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { recordScreen, stepScreen, stepsScreen } from '../../src/cli/inspect-screen.ts';
import { loadSchemas, schemas } from '../../src/presets/schemas.ts';
import { traceHtml } from '../../src/report/trace-html.ts';
import { TracePlans } from '../../src/trace/plans.ts';
import { Trace } from '../../src/trace/read-trace.ts';
import { namedRun, type RunStory, storyOf } from '../../src/trace/story.ts';
import { decodeRecord } from '../../src/wire/index.ts';
import { bytesOf } from './traces.ts';

const GOLDEN = join(import.meta.dirname, 'golden/first.trace');
const MAIN = join(import.meta.dirname, '../../src/cli/main.ts');
let trace: Trace;
let home = '';

beforeAll(async () => {
  await loadSchemas();
  trace = new Trace(bytesOf(readFileSync(GOLDEN)));
  home = mkdtempSync(join(tmpdir(), 'waybill-story-'));
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

const SAGA = '1:019b76da-b9c0-77a5-9e4e-5bdf3ba0cfee';

function told(named: string): RunStory {
  const plans = new TracePlans(trace.definitions, schemas);
  return storyOf(trace.unitsOf(namedRun(named).run), named, plans, [])!;
}

test('it has every step of the run, in order, with what led there and what it waits for', () => {
  const story = told(SAGA);
  expect(story).toMatchObject({ workflow: 'travel/trip-saga/1.0.0', ended: 'completed' });
  expect(story.strands).toEqual(['', '2.0', '2.1']);
  expect(story.steps.map(({ because, strand }) => `${strand}: ${because}`)).toEqual([
    ': it was started',
    ': attempt 1 answered',
    '2.0: branch 0 began',
    '2.1: branch 1 began',
    '2.0: attempt 1 answered',
    '2.0: attempt 1 answered',
    ': branch 1 ended',
    ': attempt 1 answered',
    ': its time came',
  ]);
  const [first, fork] = story.steps;
  expect(first!.now).toMatch(/^calls hotel-book, attempt 1; times out \d{4}-/);
  expect(fork!.now).toBe('waits for 2 strands');
  expect(story.steps.at(-1)!.now).toBe('ended with {"booked":true}');
  expect(new Set(story.steps.map(({ replay }) => replay))).toEqual(new Set(['equal']));
  expect(story.outline.map(({ name }) => name)).toContain('bookFlight');
});

test('what a step changed makes of the State before it the State after it', () => {
  const story = told(SAGA);
  const before = new Map<string, unknown>();
  for (const { changes, state, strand } of story.steps) {
    const made = structuredClone(before.get(strand) ?? {}) as Record<string, unknown>;
    for (const { at, computed } of changes) put(made, at.split('/').slice(1), computed);
    expect(JSON.parse(JSON.stringify(made))).toEqual(state);
    before.set(strand, state);
  }
});

function put(into: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [step = '', ...rest] = path;
  const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
  if (rest.length > 0) return put(into[key] as Record<string, unknown>, rest, value);
  if (value === undefined && Array.isArray(into)) into.length = Math.min(into.length, Number(key));
  else if (value === undefined) delete into[key];
  else into[key] = value;
}

test('a run that is not there has no story', () => {
  const plans = new TracePlans(trace.definitions, schemas);
  expect(storyOf(trace.unitsOf('nobody'), 'nobody', plans, [])).toBe(undefined);
});

test('a terminal shows it, and nothing in the data steers the terminal', () => {
  const story = told(SAGA);
  const lines = stepsScreen(story).split('\n');
  expect(lines.filter((line) => line.includes('→'))).toHaveLength(story.steps.length);
  const [step] = story.steps;
  const evil = { ...story, steps: [{ ...step!, now: 'calls \u001B[2Jx', heard: '\u0007' }] };
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  expect(stepScreen(evil, 1, 50)).not.toMatch(/\u0007|\u001B\[2J/);
  expect(stepScreen(story, 3, 6).trimEnd().split('\n')).toHaveLength(6);
});

test('the page holds all of it, and what comes from the data is never markup', () => {
  const story = told(SAGA);
  const evil = '</script><script>alert(1)</script><img src=x>';
  const page = traceHtml({
    ...story,
    workflow: evil,
    source: 'cut',
    redacted: [evil],
    steps: story.steps.map((step) => ({ ...step, because: evil })),
  });
  expect(page).not.toContain('<script>alert');
  expect(page).not.toContain('<img');
  expect(page.match(/<script/g)).toHaveLength(2);
  const [, json] = /<script type="application\/json" id="trace">(.*?)<\/script>/s.exec(page) ?? [];
  const data = JSON.parse(json!) as { readonly steps: readonly { readonly because: string }[] };
  expect(data.steps).toHaveLength(story.steps.length);
  expect(data.steps[0]!.because).toBe(evil);
  expect(page).not.toMatch(/https?:\/\/(?!open-workflow|travel)/);
});

test('one saved record is enough', () => {
  const record = [...trace.units()]
    .flatMap(({ records }) => records)
    .find((bytes) => decodeRecord(bytes).header.kind === 'STEP')!;
  const shown = recordScreen(decodeRecord(record));
  expect(shown).toContain('because');
  expect(shown).toContain('"frames"');
  const file = join(home, 'record.txt');
  writeFileSync(file, Buffer.from(record).toString('base64'));
  const { status, stdout } = spawnSync(process.execPath, [MAIN, 'inspect', file], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
  expect([status, stdout]).toEqual([0, stripVTControlCharacters(shown)]);
});
