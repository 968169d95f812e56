/*
 * The plan of a campaign: which fault strikes what, when and for how long. Data, drawn from a seed: the
 * same seed, duration and number of runners give the same plan.
 *
 * Y1. The last fault is over before the end of the plan.
 * Y2. While a runner is stopped, others are killed in its place: a zombie must live to come back.
 * Y3. Faults of different kinds overlap as chance has it.
 */
import { type Random, stream } from '../../src/adapters/sim/random.ts';

export type FaultKind =
  /** kill -9 of a runner, started again after the time */
  | 'kill'
  /** SIGSTOP for longer than the session timeout, SIGCONT: it does not know what it has missed */
  | 'zombie'
  /** kill -9 of the broker, started again after the time */
  | 'broker-kill'
  /** the same, but it is asked to end */
  | 'broker-restart'
  /** PostgreSQL and all its children, kill -9 */
  | 'store-kill'
  /** connections are reset, and refused for the time */
  | 'cut'
  /** connections stay, nothing passes */
  | 'silence'
  /** every byte takes `ms` longer */
  | 'delay';

export interface Fault {
  /** ms since the faults began */
  readonly at: number;
  readonly kind: FaultKind;
  /** which runner, of those that concern one */
  readonly runner?: number;
  /** which line of it */
  readonly line?: 'log' | 'store';
  /** ms */
  readonly forMs: number;
  readonly ms?: number;
}

interface Pace {
  readonly kind: FaultKind;
  /** one in so much time, ms */
  readonly everyMs: number;
  readonly forMs: readonly [from: number, to: number];
}

const KILL_EVERY_MS = 20_000;
/** One kill every 20 s, and everything else often enough to meet everything else within minutes. */
const PACES: readonly Pace[] = [
  { kind: 'kill', everyMs: KILL_EVERY_MS, forMs: [500, 4_000] },
  { kind: 'zombie', everyMs: 60_000, forMs: [8_000, 12_000] },
  { kind: 'broker-kill', everyMs: 150_000, forMs: [500, 6_000] },
  { kind: 'broker-restart', everyMs: 150_000, forMs: [0, 3_000] },
  { kind: 'store-kill', everyMs: 70_000, forMs: [500, 8_000] },
  { kind: 'cut', everyMs: 25_000, forMs: [0, 4_000] },
  { kind: 'silence', everyMs: 60_000, forMs: [1_000, 9_000] },
  { kind: 'delay', everyMs: 45_000, forMs: [4_000, 15_000] },
];
const DELAY_MS = { from: 20, to: 400 };
/** A process that was killed needs so long to be there again, and a zombie to be found out, ms. */
const AFTERMATH_MS = 6_000;
/** Nothing strikes in the first and the last seconds. */
const MARGIN_MS = 4_000;

/** A plan for `forMs` with `runners` runners; `pace` 2 = everything twice as often. */
export function drawPlan(seed: string, forMs: number, runners: number, pace = 1): readonly Fault[] {
  const faults: Fault[] = [];
  // zombies first: kills look at them (Y2)
  const order = [...PACES].sort((a, b) => rank(a) - rank(b));
  for (const one of order) {
    const random = stream(seed, 'plan', one.kind);
    const last = forMs - MARGIN_MS - one.forMs[1];
    const everyMs = one.everyMs / pace;
    for (let slot = 0; slot * everyMs < last; slot++) {
      const at = Math.round((slot + (one.kind === 'kill' ? 1 : random())) * everyMs);
      const fault = { at, ...draw(one, random, runners, at, faults) };
      if (at >= MARGIN_MS && at <= last) faults.push(fault);
    }
  }
  return faults.sort((a, b) => a.at - b.at);
}

function rank({ kind }: Pace): number {
  return kind === 'zombie' ? 0 : 1;
}

function draw(
  { kind, forMs: [from, to] }: Pace,
  random: Random,
  runners: number,
  at: number,
  before: readonly Fault[],
): Omit<Fault, 'at'> {
  const forMs = Math.round(from + random() * (to - from));
  const drawn = Math.floor(random() * runners);
  if (kind === 'broker-kill' || kind === 'broker-restart' || kind === 'store-kill') {
    return { kind, forMs };
  }
  if (kind === 'kill') return { kind, forMs, runner: other(drawn, runners, at, before) };
  if (kind === 'zombie') return { kind, forMs, runner: drawn };
  const line = random() < 0.6 ? 'log' : 'store';
  if (kind !== 'delay') return { kind, forMs, runner: drawn, line };
  const ms = Math.round(DELAY_MS.from + random() * (DELAY_MS.to - DELAY_MS.from));
  return { kind, forMs, runner: drawn, line, ms };
}

/** Y2 */
function other(runner: number, runners: number, at: number, before: readonly Fault[]): number {
  const stopped = before.some(
    (fault) =>
      fault.kind === 'zombie' &&
      fault.runner === runner &&
      at > fault.at - AFTERMATH_MS &&
      at < fault.at + fault.forMs + 2 * AFTERMATH_MS,
  );
  return stopped ? (runner + 1) % runners : runner;
}

/** The shortest plan that has something of everything: for `npm test`. */
export function shortPlan(seed: string, runners: number): readonly Fault[] {
  const random = stream(seed, 'short plan');
  const killed = Math.floor(random() * runners);
  const zombie = (killed + 1) % runners;
  const cut = (killed + 2) % runners;
  return [
    { at: 3_000, kind: 'kill', runner: killed, forMs: 500 },
    { at: 5_000, kind: 'cut', runner: cut, line: 'log', forMs: 500 },
    { at: 7_000, kind: 'store-kill', forMs: 2_000 },
    { at: 10_000, kind: 'zombie', runner: zombie, forMs: 7_000 },
    { at: 20_500, kind: 'broker-kill', forMs: 500 },
  ];
}

/** `at 20.0 s  kill runner 1, back after 2.1 s` */
export function describe(fault: Fault): string {
  const at = `at ${seconds(fault.at).padStart(7)}`;
  return `${at}  ${fault.kind.padEnd(14)} ${targetOf(fault).padEnd(30)} ${seconds(fault.forMs)}${
    fault.ms === undefined ? '' : `, ${fault.ms} ms`
  }`;
}

export function targetOf({ kind, line, runner }: Fault): string {
  if (kind === 'store-kill') return 'PostgreSQL';
  if (runner === undefined) return 'broker';
  return line === undefined ? `runner ${runner}` : `line of runner ${runner} to the ${line}`;
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
