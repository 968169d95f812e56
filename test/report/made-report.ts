/* A report of a campaign in which everything is there, and every text is the same name. */
import type { CampaignReport, RunReport, Timeline } from '../../src/report/chaos-model.ts';

/** Tries to break out of whatever it is written into. */
export const HOSTILE = `</script><script>alert(1)</script>"'><img src=x onerror=alert(2)>\u0000&amp;\u2028`;

export function timeline(name: string, marks = 30): Timeline {
  return {
    lanes: [
      { label: name, kind: 'client' },
      { label: 'runner-1', kind: 'runner' },
      { label: 'partition 0', kind: 'partition' },
      { label: 'Store', kind: 'store' },
      { label: 'services', kind: 'services' },
    ],
    marks: Array.from({ length: marks }, (_, at) => ({
      at: at * at * 10,
      lane: at % 5,
      kind: (['start', 'fault', 'record', 'life', 'call'] as const)[at % 5] ?? 'record',
      label: name,
      void: at % 7 === 0,
      minor: false,
      accused: at === 12,
      instance: at % 3,
      title: name,
      details: [{ name, value: name, was: name }],
    })),
    spans: [
      { lane: 1, from: 0, to: 900, kind: 'up', title: name },
      { lane: 1, from: 100, to: 500, kind: 'frozen', title: name },
      { lane: 3, from: 50, to: 60_000, kind: 'parked', title: name, instance: 1 },
    ],
    arrows: [{ from: 2, to: 9, kind: 'calls' }],
    instances: [0, 1, 2].map((id) => ({ id, label: name })),
    healedAt: 1_000,
    endedAt: 90_000,
    leftOut: 3,
  };
}

export function run(name: string): RunReport {
  return {
    where: name,
    size: { instances: 1, runners: 2, partitions: 1, faults: 2 },
    story: [`1. ${name}`, `-  never fired: ${name}`],
    token: name,
    command: name,
    traceHash: name,
    timeline: timeline(name),
  };
}

export function campaign(name: string): CampaignReport {
  return {
    scenario: name,
    summary: name,
    file: name,
    profile: { name, says: name },
    seed: 1,
    verdict: 'broken',
    interrupted: true,
    sizes: { instances: '1-3', runners: '2', partitions: '2' },
    counts: {
      runs: 1_234,
      corpusRuns: 1,
      repeated: 3,
      instances: 9,
      steps: 10,
      faults: 11,
      checks: 12,
      takeovers: 13,
      voidRecords: 14,
      inconclusive: 0,
      elapsedMs: 1_000,
      runsPerSecond: 1.5,
      stepsPerSecond: 2,
      workers: 1,
    },
    promises: [
      { id: name, says: name, checks: 3, broken: 1, parts: [{ name, says: name, checks: 3 }] },
    ],
    groups: [
      {
        oracle: name,
        promise: name,
        faults: [name],
        count: 2,
        said: name,
        where: name,
        command: name,
      },
    ],
    exhaustive: {
      boundaries: 3,
      faults: 9,
      pairs: 0,
      equal: 7,
      other: 1,
      never: 1,
      complete: false,
    },
    faults: [{ kind: name, says: name, planned: 3, fired: 1 }],
    matrix: {
      columns: [{ label: name, group: name }],
      rows: [{ kind: name, says: name, cells: [{ fired: 3, recovering: 1 }] }],
    },
    states: {
      columns: [{ label: name, group: name }],
      rows: [{ kind: name, says: name, cells: [{ fired: 2, recovering: 0 }] }],
    },
    situations: [{ says: name, count: 1 }],
    gestures: [{ name, count: 0 }],
    outcomes: [{ path: name, instances: 1, share: 0.2, expected: 0.5, enough: false }],
    pace: [
      { ms: 500, runs: 1, steps: 3 },
      { ms: 1_000, runs: 2, steps: 9 },
    ],
    notes: [name],
    again: name,
    failure: {
      ...run(name),
      promise: name,
      says: name,
      violations: [{ promise: name, oracle: name, said: name }],
      minimal: true,
    },
    sample: run(name),
  };
}
