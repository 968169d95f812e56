/*
 * Narration: what happened in a run, one sentence per fault in order, for people.
 */
import { EPOCH_MS, type Point } from '../adapters/sim/index.ts';
import type { History } from './history.ts';
import { type Action, actionName, addressText, type FaultPlan } from './plan.ts';

/** The call that a fault struck: `appending STEP kycFetch of run 2 to partition 1`. */
export function callText(point: Point, runs: ReadonlyMap<string, number>): string {
  const run = (id: string): string => (id === '' ? '' : ` of run ${runs.get(id) ?? id}`);
  const where = point.partition === undefined ? '' : ` partition ${point.partition}`;
  if (point.activity !== undefined) {
    const { attempt, name } = point.activity;
    return `calling ${name}${run(point.activity.run)} (attempt ${attempt})`;
  }
  if (point.records !== undefined) {
    const first = point.records()[0];
    const records = point.records();
    const what = first === undefined ? 'nothing' : `${first.kind}${named(first.task)}`;
    const more = records.length > 1 ? ` and ${records.length - 1} more` : '';
    return `appending ${what}${run(first?.run ?? '')}${more} to${where}`;
  }
  return `${VERBS[point.point] ?? point.point}${where}`;
}

const VERBS: { readonly [point: string]: string } = {
  next: 'reading',
  fetch: 'fetching from',
  range: 'asking for the range of',
  hint: 'asking for the hint of',
  'save-hint': 'saving the hint of',
  'offset-at': 'asking for an offset of',
  trim: 'trimming',
  load: 'loading the rows of',
  fold: 'folding',
  due: 'asking for due rows of',
  parked: 'asking for parked rows of',
  timer: 'a timer fired',
  join: 'joining the group',
  definition: 'asking for a definition',
  keep: 'keeping events',
  match: 'matching events with who listens',
  matches: 'asking for matches',
  'listen-read': 'asking who listens for what',
  'events-next': 'reading events of',
  'events-append': 'sending events to',
  'events-range': 'asking for the range of events of',
  'events-join': 'joining the group of correlators',
};

function named(task: string): string {
  return task === '' ? '' : ` (${task})`;
}

/** One sentence for a fault that fired. */
export function firedText(action: Action, process: string, call: string): string {
  switch (action.kind) {
    case 'crash':
      return action.when === 'before'
        ? `${process} crashed before ${call}`
        : `${process} crashed after ${call}, before it heard the answer`;
    case 'pause': {
      const expelled = action.expel ? '; its partitions were given away at once' : '';
      return `${process} froze for ${seconds(action.ms)} ${action.when} ${call}${expelled}`;
    }
    case 'unknown':
      return `${process}, ${call}, ${HEARS[action.hears]}: ${fateText(action.fate, action.ms)}`;
    case 'refused':
      return `${process}, ${call}, was refused${action.why === undefined ? '' : ` (${WHY[action.why]})`}`;
    case 'answer':
      return action.how === 'odd'
        ? `${process}, ${call}, got an answer with odd JSON in it`
        : `${process}, ${call}, got an answer of ${Math.round(action.bytes / 1_000)} kB`;
    case 'slow':
      return `${process}, ${call}, had to wait ${seconds(action.ms)}`;
    case 'error':
      return `${process}, ${call}, got the error "${action.error.title}"`;
    case 'rebalance':
      return `the partitions were dealt anew as ${process} was ${call}`;
    case 'jump':
      return `the clock of ${process} jumped by ${seconds(action.ms)} as it was ${call}`;
    case 'storm':
      return `all runners crashed as ${process} was ${call}`;
    case 'thaw':
      return `whoever was frozen went on as ${process} was ${call}`;
    case 'swizzle':
      return `the runners froze one after the other as ${process} was ${call}`;
    case 'leader-change':
      return `the partition had no leader for ${seconds(action.ms)} as ${process} was ${call}`;
    case 'tail-lost':
      return `another leader took over and the last ${action.records} records were lost as ${process} was ${call}`;
    case 'overtaken':
      return `retention dropped all that stood in the partition as ${process} was ${call}`;
    case 'broker-jump':
      return `the clock of the broker jumped by ${seconds(action.ms)} as ${process} was ${call}`;
    case 'store-down':
      return `the database was down for ${seconds(action.ms)} as ${process} was ${call}`;
    case 'disk-full':
      return `the disk of the database was full for ${seconds(action.ms)} as ${process} was ${call}`;
    case 'store-failover':
      return `the database lost its last ${action.commits} commits in a failover as ${process} was ${call}`;
    case 'hostile':
      return `a stranger appended ${STRANGE[action.which % STRANGE.length]} as ${process} was ${call}`;
    case 'build':
      return action.build > 0
        ? `${process} was replaced by one of a newer build as it was ${call}`
        : `${process} was replaced by one of an older build as it was ${call}`;
    case 'redeploy':
      return `another version of the workflow was deployed as ${process} was ${call}`;
  }
}

const WHY = {
  'no-space': 'no room on the device',
  unauthorised: 'it may not',
  serialization: 'a serialization failure',
  deadlock: 'a deadlock',
} as const;

/** What a stranger appends, in the order of hostile.ts. */
const STRANGE: readonly string[] = [
  'bytes that are no record',
  'a record without bytes',
  'the beginning of a record',
  'a cancel for a run that is not there',
  'a request that no runner knows',
  'a resume for a run that is not there, with odd arguments',
  'a start of a workflow that is not deployed, with odd input',
  'a start of a workflow that is not deployed, with much input',
  'a start from ten minutes ago',
  'a record of an owner that no owner wrote',
  'the beginning of a start',
];

const HEARS = {
  error: 'lost its connection',
  nothing: 'heard nothing',
  answer: 'heard the answer to the last copy',
} as const;

function fateText(fate: 'lost' | 'landed' | 'late' | 'twice', ms: number): string {
  switch (fate) {
    case 'lost':
      return 'it never arrived';
    case 'landed':
      return 'it had arrived';
    case 'late':
      return `it arrived ${seconds(ms)} late`;
    case 'twice':
      return `it arrived twice, ${seconds(ms)} apart`;
  }
}

function seconds(ms: number): string {
  if (Math.abs(ms) < 1_000) return `${ms} ms`;
  return `${Number((ms / 1_000).toFixed(1))} s`;
}

/** A virtual time as people read it: seconds since the beginning. */
export function clockText(at: number): string {
  return `${((at - EPOCH_MS) / 1_000).toFixed(3)} s`;
}

/** What happened, in order: the faults that fired, then those that never did. */
export function narrate(plan: FaultPlan, history: History): string[] {
  const lines = history.fired.map(
    (fired, index) => `${index + 1}. at ${clockText(fired.at)} ${fired.said}`,
  );
  const fired = new Set(history.fired.map((one) => one.fault));
  plan.faults.forEach((fault, index) => {
    if (fired.has(index)) return;
    lines.push(`-  never fired: ${actionName(fault.does)} at the ${addressText(fault.at)}`);
  });
  return lines;
}
