/*
 * What a live campaign must hold besides the promises that the oracles of the simulator check: the same
 * promises once more in their plainest form, counted from single lines and records, and what only real
 * processes can break.
 */
import { canonicalJson, sha256Hex } from '../../src/wire/index.ts';
import { at, type Verdict, type View } from '../../src/chaos/oracles/oracle.ts';
import { shortKey } from '../../src/chaos/oracles/effects.ts';
import type { Evidence } from './evidence.ts';
import { callsOf } from './history.ts';
import type { Tenure, Zombie } from './tenures.ts';

/** What the live oracles look at. */
export interface LiveView {
  readonly evidence: Evidence;
  readonly view: View;
  readonly tenures: readonly Tenure[];
  readonly zombies: readonly Zombie[];
  /** runs that were parked as dead after so many takeovers as R20 wants; not one, when all is well */
  readonly givenUp: ReadonlySet<string>;
}

export interface LiveOracle {
  readonly name: string;
  readonly promise: string;
  readonly says: string;
  check(live: LiveView, verdict: Verdict): void;
}

const acknowledgedEndsOnce: LiveOracle = {
  name: 'live-acknowledged-ends-once',
  promise: 'P1',
  says: 'every acknowledged start has one valid START and exactly one valid END of its root',
  check({ evidence, givenUp, view }, verdict) {
    for (const { outcome, run } of evidence.starts) {
      if (outcome !== 'acknowledged') continue;
      const found = view.reading.runs.get(run);
      const ends = found?.ends.length ?? 0;
      if (ends === 0 && givenUp.has(run)) continue;
      verdict.expect(found?.start !== undefined, () => `run ${run} was acknowledged and is lost`, {
        run,
      });
      verdict.expect(ends === 1, () => `run ${run} was acknowledged and has ${ends} valid ENDs`, {
        run,
      });
    }
  },
};

const everyStartIsAnswered: LiveOracle = {
  name: 'live-every-start-is-answered',
  promise: 'P1',
  says: 'the client asked for so many runs, heard of each, and nobody else started any',
  check({ evidence, view }, verdict) {
    const { campaign, starts } = evidence;
    verdict.expect(
      starts.length === campaign.instances,
      () => `the client was to start ${campaign.instances} runs and heard of ${starts.length}`,
    );
    const asked = new Set(starts.map(({ run }) => run));
    verdict.expect(
      asked.size === starts.length || starts.some(({ outcome }) => outcome === 'refused'),
      () => 'two starts have the same run id',
    );
    for (const run of view.reading.runs.keys()) {
      verdict.expect(asked.has(run), () => `run ${run} is in the Log, and nobody asked for it`, {
        run,
      });
    }
  },
};

const oneRequestPerKey: LiveOracle = {
  name: 'live-one-request-per-key',
  promise: 'P3',
  says: 'no effect key came with two requests, and none was applied twice',
  check({ evidence }, verdict) {
    const first = new Map<string, { name: string; digest: string; run: string }>();
    const applied = new Set<string>();
    for (const { asked, done } of callsOf(evidence)) {
      const { digest, key, name, request, run } = asked;
      const before = first.get(key) ?? { name, digest, run };
      first.set(key, before);
      verdict.expect(
        before.digest === digest && before.name === name && before.run === run,
        () =>
          `effect key ${shortKey(key)} stands for two requests: ${before.name} ${before.digest.slice(0, 12)} of run ${before.run}, and ${name} ${digest.slice(0, 12)} of run ${run}`,
        { run },
      );
      verdict.expect(
        sha256Hex(canonicalJson(request)) === digest,
        () => `a request in the ledger is not the one that came: ${name}, effect ${shortKey(key)}`,
        { run },
      );
      if (done?.applied !== true) continue;
      verdict.expect(
        !applied.has(key),
        () => `${name} was applied twice for effect ${shortKey(key)}`,
        { run },
      );
      applied.add(key);
    }
  },
};

const callsAreValid: LiveOracle = {
  name: 'live-calls-are-valid',
  promise: 'P3',
  says: 'every request that a service saw stands in a valid record that was appended before',
  check({ evidence, view }, verdict) {
    for (const { asked } of callsOf(evidence)) {
      const { at: time, attempt, digest, key, name, run } = asked;
      const scheduled = view.effects
        .get(key)
        ?.scheduled.some(
          ({ activity, entry }) =>
            entry.valid &&
            entry.header.run === run &&
            entry.time <= time &&
            activity.attempt === attempt &&
            activity.name === name &&
            sha256Hex(canonicalJson(activity.arguments)) === digest,
        );
      verdict.expect(
        scheduled === true,
        () =>
          `${name} was called for run ${run} at ${time} (attempt ${attempt}), and no valid record asks for it`,
        { run },
      );
    }
  },
};

const oneCallerPerTenure: LiveOracle = {
  name: 'live-one-caller-per-tenure',
  promise: 'R7',
  says: 'while a tenure lasts, one process alone makes the calls that were scheduled in it',
  check({ tenures }, verdict) {
    for (const { callers, claim } of tenures) {
      if (callers.size === 0) continue;
      verdict.expect(
        callers.size === 1,
        () =>
          `processes ${[...callers].join(' and ')} both acted as owner of the tenure of ${claim.named}`,
        at(claim),
      );
    }
  },
};

const zombiesAreVoid: LiveOracle = {
  name: 'live-zombies-are-void',
  promise: 'R4',
  says: 'a stopped process that went on appended behind a foreign CLAIM, and all of that is void',
  check({ evidence, zombies }, verdict) {
    if (!evidence.struck.some(({ kind }) => kind === 'zombie')) return;
    verdict.expect(
      zombies.length === 0 || zombies.some(({ late }) => late.length > 0),
      () =>
        `none of ${zombies.length} stopped processes wrote anything when it went on: no zombie was shown`,
    );
    for (const { accepted, late, pid } of zombies) {
      verdict.checked += late.length;
      for (const entry of accepted) {
        verdict.violation(`${entry.named} of the zombie ${pid} counts`, at(entry));
      }
    }
  },
};

const logOnlyGrows: LiveOracle = {
  name: 'live-log-only-grows',
  promise: 'R12',
  says: 'offsets have no gap, and what stood in the topic once stands there for ever',
  check({ evidence }, verdict) {
    verdict.checked += 1;
    for (const said of evidence.rewritten) verdict.violation(said);
    for (const [partition, records] of evidence.topic.entries()) {
      for (const [index, { offset, time }] of records.entries()) {
        verdict.expect(
          offset === index,
          () => `partition ${partition} has ${offset} where ${index} should stand`,
          { partition, offset },
        );
        const before = records[index - 1]?.time ?? 0;
        verdict.expect(
          time >= before - evidence.campaign.skewMsMax,
          () =>
            `${offset} of partition ${partition} was appended ${before - time} ms before the one before it`,
          { partition, offset },
        );
      }
    }
  },
};

const nothingWaits: LiveOracle = {
  name: 'live-nothing-waits',
  promise: 'P9',
  says: 'after the heal every run has ended, or was given up by the rule, and nothing else is parked',
  check({ evidence, givenUp, view }, verdict) {
    for (const { ends, run, start } of view.reading.runs.values()) {
      if (start === undefined || (ends.length === 0 && givenUp.has(run))) continue;
      verdict.expect(ends.length === 1, () => `run ${run} began and has ${ends.length} ENDs`, {
        run,
      });
    }
    verdict.checked += 1;
    for (const { partition, run, why } of evidence.store.parked) {
      if (why === 'dead' && givenUp.has(run)) continue;
      verdict.violation(`run ${run} is still parked (${why}) in partition ${partition}`, { run });
    }
  },
};

const cancelsComeTrue: LiveOracle = {
  name: 'live-cancels-come-true',
  promise: 'P1',
  says: 'every request to cancel a run has an answer, and a run that is said to be cancelled ends so',
  check({ evidence, givenUp, view }, verdict) {
    for (const { outcome, run, why } of evidence.cancels) {
      verdict.expect(
        outcome !== 'unknown',
        () => `nobody knows whether run ${run} is cancelled: ${why}`,
        {
          run,
        },
      );
      if (outcome !== 'done' || givenUp.has(run)) continue;
      const body = view.reading.runs.get(run)?.ends[0]?.body;
      verdict.expect(
        body?.kind === 'END' && body.end.cancelled === true,
        () => `run ${run} was said to be cancelled, and ended otherwise`,
        { run },
      );
    }
  },
};

export const LIVE_ORACLES: readonly LiveOracle[] = [
  acknowledgedEndsOnce,
  everyStartIsAnswered,
  oneRequestPerKey,
  callsAreValid,
  oneCallerPerTenure,
  zombiesAreVoid,
  logOnlyGrows,
  nothingWaits,
  cancelsComeTrue,
];
