/*
 * The checker: does the evidence of a campaign hold? A function of the evidence alone.
 *
 * It never takes the engine's word: what is valid, open, due or done is derived from the topic, the
 * tables and the ledgers. It shares no code with src/runtime and src/core, and none with the adapters
 * of Kafka and PostgreSQL (a test holds it to that); records are decoded by src/wire, whose bytes
 * golden tests pin.
 *
 *   oracles of the simulator   over the evidence as a History (history.ts)
 *   live oracles               the plainest form of the promises, and what only processes can break
 *   differential               each run against the reference interpreter, with the document that it ran
 *   vacuity                    an oracle that had nothing to judge has proved nothing, and fails
 */
import type { Violation } from '../../src/chaos/history.ts';
import { type Compared, compareRuns } from '../../src/chaos/oracles/differential.ts';
import { isGivenUp } from '../../src/chaos/oracles/given-up.ts';
import { checkView, ORACLES, Verdict, type View, viewOf } from '../../src/chaos/oracles/index.ts';
import { indexIsProjection } from '../../src/chaos/oracles/r12-index.ts';
import { pathOf } from '../../src/chaos/scenario/outcomes.ts';
import type { Evidence } from './evidence.ts';
import { type Figures, figuresOf } from './figures.ts';
import { historyOf } from './history.ts';
import { LIVE_ORACLES, type LiveView } from './live-oracles.ts';
import { scaledScenarios } from './scaled-scenario.ts';
import { tenuresOf, zombiesOf } from './tenures.ts';

export interface Checked {
  readonly violations: readonly Violation[];
  /** how many things each oracle evaluated */
  readonly checked: Readonly<Record<string, number>>;
  readonly figures: Figures;
}

/** Every campaign gives these something to judge; others speak of what the scenario may lack. */
const MUST_SPEAK: readonly string[] = [
  ...['p1-start-never-lost', 'p2-every-transition-once', 'p3-one-effect', 'p4-timers'],
  ...['p6-retries-within-policy', 'p9-everything-ends', 'r4-numbers-without-gap'],
  ...[
    'r5-one-number-one-record',
    'r6-units-whole',
    'r10-marks-are-true',
    'r12-index',
    'r13-store-is-fold',
  ],
  ...['scenario-invariants', 'differential'],
];
/** Share of the runs that the reference may be unable to decide. */
const INCONCLUSIVE_MAX = 0.01;

export async function checkEvidence(evidence: Evidence): Promise<Checked> {
  const { campaign, struck } = evidence;
  const scaled = await scaledScenarios(campaign.scenario);
  const [held, parked] = scaled.map(({ scenario }) => scenario);
  const history = historyOf(evidence);
  const view = viewOf(history, held);
  const oracles = [...ORACLES.filter(({ name }) => name !== 'differential'), indexIsProjection];
  const { checked, violations } = checkView(view, oracles);
  const tenures = tenuresOf(view);
  const zombies = zombiesOf(struck, tenures, view);
  const dead = [...view.reading.runs.values()].filter((run) => isGivenUp(run, view.reading));
  const givenUp = new Set(dead.map(({ run }) => run));
  const live: LiveView = { evidence, view, tenures, zombies, givenUp };
  for (const { check, name, promise } of LIVE_ORACLES) {
    const verdict = new Verdict(promise, name);
    check(live, verdict);
    violations.push(...verdict.violations);
    checked[name] = verdict.checked;
  }
  const compared = compare(evidence, view, viewOf(history, parked));
  const verdict = new Verdict('P2', 'differential');
  judge(compared, held!.cancels > 0 ? 1 : INCONCLUSIVE_MAX, verdict);
  violations.push(...verdict.violations);
  checked['differential'] = verdict.checked;
  const paths = new Map<string, number>();
  for (const run of view.finalRuns()) {
    const path = pathOf(run, held!)?.path ?? 'no path';
    paths.set(path, (paths.get(path) ?? 0) + 1);
  }
  for (const name of [...MUST_SPEAK, ...LIVE_ORACLES.map((oracle) => oracle.name)]) {
    if ((checked[name] ?? 0) > 0 || !applies(name, evidence)) continue;
    violations.push({ promise: 'O28', oracle: name, said: `${name} had nothing to judge` });
  }
  return { violations, checked, figures: figuresOf(live, compared, paths) };
}

/** Whether the campaign gave this oracle reason to speak. */
function applies(name: string, { cancels, struck }: Evidence): boolean {
  if (name === 'live-cancels-come-true') return cancels.length > 0;
  return name !== 'live-zombies-are-void' || struck.some(({ kind }) => kind === 'zombie');
}

/** Each run by the document that it ran. */
function compare({ starts }: Evidence, held: View, parked: View): readonly Compared[] {
  const version = parked.scenario!.definition.version;
  const parks = new Set(starts.flatMap((start) => (start.version === version ? start.run : [])));
  return [
    ...compareRuns(held).filter(({ run }) => !parks.has(run)),
    ...compareRuns(parked).filter(({ run }) => parks.has(run)),
  ];
}

/** `share`: of the runs that the reference need not decide. It knows nothing of what is cancelled. */
function judge(compared: readonly Compared[], share: number, verdict: Verdict): void {
  const inconclusive = compared.filter((one) => one.verdict === 'inconclusive');
  for (const { run, said, verdict: found } of compared) {
    if (found === 'inconclusive') continue;
    verdict.expect(
      found !== 'disagreed',
      () => `run ${run} is not what the reference makes of it: ${said}`,
      { run },
    );
  }
  verdict.expect(
    inconclusive.length <= compared.length * share,
    () =>
      `the reference cannot decide ${inconclusive.length} of ${compared.length} runs: ${inconclusive[0]?.said}`,
  );
}
