/*
 * One runner as a process of its own, for tests and measurements that need its memory, its death or its
 * clock to be its own. It says every 50 ms how it is.
 *
 *   node process.ts '{"target": ..., "limits": ..., "ledger": "FILE"}'      (forked, with a channel)
 *
 * Its functions: `note` appends the run, the key and the time to the ledger; `nap` takes as many
 * milliseconds as it is told.
 */
import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { functionActivities } from '../../../src/activities/function.ts';
import { systemClock, systemEntropy } from '../../../src/adapters/system/index.ts';
import type { Clock, Member } from '../../../src/ports/index.ts';
import { openGround, type Target } from '../../../src/presets/cluster.ts';
import { schemas } from '../../../src/presets/schemas.ts';
import {
  type PartitionStatus,
  planCompiler,
  Runner,
  type RuntimeLimits,
} from '../../../src/runtime/index.ts';

export interface RunnerWords {
  readonly target: Target;
  readonly limits?: Partial<RuntimeLimits>;
  /** how far its clock is ahead, ms */
  readonly aheadMs?: number;
  readonly ledger: string;
}

/** A time, and what the process had worked until then, ms. */
export interface Moment {
  readonly at: number;
  readonly cpu: number;
}

/** What the process says of itself. */
export interface RunnerSays {
  readonly at: number;
  /** when the group gave it something for the first time, and when it called a function for the first time */
  readonly assigned?: Moment;
  readonly firstCall?: Moment;
  readonly partitions: readonly PartitionStatus[];
  /** highest so far, bytes */
  readonly heapMax: number;
  readonly rssMax: number;
  readonly complaints: readonly string[];
}

const words = JSON.parse(process.argv[2] ?? '{}') as RunnerWords;
const complaints: string[] = [];
let heapMax = 0;
let rssMax = 0;
let lines: string[] = [];

function write(): void {
  if (lines.length === 0) return;
  appendFileSync(words.ledger, lines.join(''));
  lines = [];
}

/** Its clock: ahead of the machine's by as much as it was told. */
const { aheadMs = 0 } = words;
const clock: Clock = {
  now: () => systemClock.now() + aheadMs,
  elapsed: () => systemClock.elapsed(),
  at: (at, fire) => systemClock.at(at - aheadMs, fire),
};
const ground = await openGround(words.target, 'runner');
const { definitions, store, events } = ground;
let assigned: Moment | undefined;
let firstCall: Moment | undefined;
const broker = new Proxy(ground.broker, {
  get(under, name) {
    if (name === 'join') return (member: Member) => under.join(noting(member));
    const value: unknown = Reflect.get(under, name);
    return typeof value === 'function' ? value.bind(under) : value;
  },
});
const runner = new Runner(
  {
    broker,
    events,
    definitions,
    store: store!,
    clock,
    entropy: systemEntropy,
    activities: functionActivities({
      note(_args, { key, run }) {
        firstCall ??= moment();
        lines.push(`${run} ${key} ${Date.now()}\n`);
        return null;
      },
      async nap(args) {
        firstCall ??= moment();
        await sleep((args as { ms: number }).ms);
        return null;
      },
    }),
  },
  {
    name: `runner-${process.pid}`,
    prefix: words.target.prefix,
    compile: planCompiler(schemas),
    ...(words.limits === undefined ? {} : { limits: words.limits }),
    onComplaint: (said) => complaints.push(said),
  },
);
runner.start();

function moment(): Moment {
  const { user, system } = process.cpuUsage();
  return { at: Date.now(), cpu: (user + system) / 1_000 };
}

/** Notes when something was assigned first. */
function noting(member: Member): Member {
  return {
    assigned(partitions, ...more) {
      if (partitions.length > 0) assigned ??= moment();
      member.assigned(partitions, ...more);
    },
    revoked: (partitions) => member.revoked(partitions),
  };
}

function say(): void {
  write();
  const { heapUsed, rss } = process.memoryUsage();
  heapMax = Math.max(heapMax, heapUsed);
  rssMax = Math.max(rssMax, rss);
  const said: RunnerSays = {
    at: Date.now(),
    ...(assigned === undefined ? {} : { assigned }),
    ...(firstCall === undefined ? {} : { firstCall }),
    partitions: runner.status(),
    heapMax,
    rssMax,
    complaints,
  };
  process.send?.(said);
}

const saying = setInterval(say, 50);
process.on('message', () => {
  clearInterval(saying);
  void runner.stop().then(async () => {
    write();
    await ground.close();
    process.disconnect();
  });
});
// Whoever has forked it is gone: so is its reason.
process.on('disconnect', () => process.exit());
