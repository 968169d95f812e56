/*
 * A scenario of the simulator made quick enough for real time: every duration of its workflow, the one
 * that calls have by default among them, and every latency of its services times 0.05.
 *
 * Of each workflow there are two versions, and runs of both go on side by side:
 *   held    all durations scaled: its waits end within seconds, and stay in the Log
 *   parked  the same, but its waits take longer than the Log holds them (R13): they go to the Store
 */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import type { Scenario } from '../../src/chaos/scenario/format.ts';
import { withInvariantModules } from '../../src/chaos/scenario/invariants.ts';
import { loadScenario } from '../../src/chaos/scenario/load.ts';
import { ACTIVITY_TIMEOUT_MS, HOLD_MAX_MS } from '../../src/wire/limits.ts';

/** What one second of the scenario takes here. */
export const SCALE = 0.05;
/** Waits of the version that parks: a little longer than the Log holds them. */
const PARKED_MS = HOLD_MAX_MS + 1_000;
const UNITS_MS: Readonly<Record<string, number>> = {
  days: 86_400_000,
  hours: 3_600_000,
  minutes: 60_000,
  seconds: 1_000,
  milliseconds: 1,
};

const SCENARIOS = join(import.meta.dirname, '..', '..', 'scenarios');
export const SCENARIO = 'merchant-onboarding';

export type Version = 'held' | 'parked';

export interface Scaled {
  readonly version: Version;
  readonly scenario: Scenario;
  /** the workflow document, as JSON */
  readonly workflow: string;
}

/** Both versions of the scenario of that name. Rejects with a plain sentence. */
export async function scaledScenarios(name: string): Promise<readonly Scaled[]> {
  const file = join(SCENARIOS, `${name}.yaml`);
  return Promise.all((['held', 'parked'] as const).map((version) => scaled(file, version)));
}

interface Document {
  readonly document: { version: string };
}

async function scaled(file: string, version: Version): Promise<Scaled> {
  const source = parsed(file) as { workflow: { file?: string; document?: Document } };
  const { workflow: named } = source;
  const document = (
    named.file === undefined ? named : parsed(join(dirname(file), named.file))
  ) as Document;
  document.document.version = version === 'held' ? '1.0.0' : '1.1.0';
  scaleDurations(document, version);
  const text = JSON.stringify({ ...source, workflow: document });
  const { problems, scenario } = loadScenario(text, file);
  if (scenario === undefined) {
    const said = problems.map(({ message }) => message).join('; ');
    throw new Error(`${file} cannot be scaled: ${said}`);
  }
  return {
    version,
    scenario: await withInvariantModules(scenario),
    workflow: JSON.stringify(document, undefined, 2),
  };
}

/** Aliases of YAML are shared objects: each place gets its own. */
function parsed(file: string): unknown {
  return JSON.parse(JSON.stringify(parse(readFileSync(file, 'utf8'))));
}

function scaleDurations(value: unknown, version: Version): void {
  if (typeof value !== 'object' || value === null) return;
  if (isCall(value)) value.timeout ??= { after: { milliseconds: ACTIVITY_TIMEOUT_MS } };
  for (const [name, member] of Object.entries(value)) {
    if (isDuration(member)) {
      const ms = Object.entries(member).reduce((sum, [unit, n]) => sum + n * UNITS_MS[unit]!, 0);
      const parks = version === 'parked' && name === 'wait';
      Reflect.set(value, name, { milliseconds: parks ? PARKED_MS : Math.round(ms * SCALE) });
    } else if (typeof member === 'string' && /^P[\dT]/.test(member)) {
      throw new Error(`${name}: ${member} is not scaled; write it as an object`);
    } else scaleDurations(member, version);
  }
}

function isCall(value: object): value is { call: string; timeout?: unknown } {
  return 'call' in value && typeof value.call === 'string';
}

function isDuration(value: unknown): value is Record<string, number> {
  if (typeof value !== 'object' || value === null) return false;
  const entries = Object.entries(value);
  return (
    entries.length > 0 &&
    entries.every(([unit, n]) => Object.hasOwn(UNITS_MS, unit) && typeof n === 'number')
  );
}
