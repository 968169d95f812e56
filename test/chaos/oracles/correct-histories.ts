/*
 * Correct histories that every oracle must accept; the tests of the oracles break them one way each.
 */
import type { Starter } from '../../../src/wire/index.ts';
import { BOOM, end, joined, MadeHistory, park, resume, step, TIMER } from './made-history.ts';

/** One run: a, then b, which fails once and is retried after 2 s, then the end. */
export function retried(): MadeHistory {
  const made = new MadeHistory();
  const start = made.start('r1');
  made.claim();
  const a = made.hop([start], step('r1', 1, { call: 'a' }));
  made.serve('r1', 'a');
  const b = made.hop([a], step('r1', 2, { call: 'b', heard: 'a' }));
  made.serve('r1', 'b', { heard: 'error', answer: { ...BOOM } });
  const again = made.hop(
    [b],
    step('r1', 3, { call: 'b', heard: 'b', failed: true, attempt: 2, notBefore: made.now + 2_010 }),
  );
  made.wait(2_100).serve('r1', 'b', { attempt: 2 });
  made.hop([again], end('r1', 4, { heard: 'b', heardAttempt: 2 }));
  return made;
}

/** One run that is parked for an hour, comes back and ends; a mark follows. */
export function parkedAnHour(): MadeHistory {
  const made = new MadeHistory();
  const start = made.start('r1');
  const tenure = made.claim();
  const due = made.now + 3_600_000;
  const row = made.hop([start], park('r1', 1, due));
  made.wait(3_600_000);
  const back = made.hop([], resume('r1', [row]), step('r1', 2, { call: 'a', cause: TIMER }));
  made.serve('r1', 'a');
  made.hop([back + 1], end('r1', 3, { heard: 'a' }));
  const { offset, nonce, n } = tenure;
  made.mark({ offset: made.end, tenure: offset, nonce, n, computedAt: made.end });
  return made;
}

/** One run that forks three branches of one activity each; the last end is merged into the join. */
export function forked(results: readonly string[] = ['zero', 'one', 'two']): MadeHistory {
  const made = new MadeHistory();
  const start = made.start('r1');
  made.claim();
  const at = '/do/0/spread';
  const join = made.hop(
    [start],
    step('r1', 1, { forks: { activation: 1, total: 3, at } }),
    ...[0, 1, 2].map((branch) =>
      step('r1', 1, {
        strand: `1.${branch}`,
        call: `b${branch}`,
        pointer: `${at}/fork/branches/${branch}/b${branch}`,
        cause: { kind: 'branch', branch },
      }),
    ),
  );
  for (const branch of [0, 1, 2]) {
    made.serve('r1', `b${branch}`, { strand: `1.${branch}`, answer: results[branch] ?? null });
  }
  const ends = [1, 0].map((branch) =>
    made.hop(
      [join + 1 + branch],
      end('r1', 2, {
        strand: `1.${branch}`,
        heard: `b${branch}`,
        answer: results[branch] ?? null,
        output: results[branch] ?? null,
      }),
    ),
  );
  made.hop(
    [join, join + 3, ...ends],
    end('r1', 2, { cause: joined({ 2: { output: results[2] ?? null } }), output: [...results] }),
  );
  return made;
}

/** A zombie writes on under its old tenure; the new owner repeats what was open. */
export function takenOver(): MadeHistory {
  const made = new MadeHistory();
  const start = made.start('r1');
  const old = made.claim();
  const a = made.hop([start], step('r1', 1, { call: 'a' }));
  made.serve('r1', 'a');
  made.claim({ computedAt: a + 1 });
  made.serve('r1', 'a', { applied: false, runner: 'runner-2' });
  made.hopOf(old, [a], end('r1', 2, { heard: 'a' }));
  made.hop([a], end('r1', 2, { heard: 'a' }));
  return made;
}

/** A fork whose joining STEP is carried forward: the end of a branch goes into it (R11). */
export function carriedFork(): MadeHistory {
  const made = new MadeHistory();
  const start = made.start('r1');
  made.claim();
  const forks = { activation: 1, total: 2, at: '/do/0/spread' };
  const joining = step('r1', 1, { forks });
  const join = made.hop(
    [start],
    joining,
    step('r1', 1, { strand: '1.0', call: 'b0', cause: { kind: 'branch', branch: 0 } }),
    step('r1', 1, { strand: '1.1', call: 'b1', cause: { kind: 'branch', branch: 1 } }),
  );
  for (const branch of [0, 1])
    made.serve('r1', `b${branch}`, { strand: `1.${branch}`, answer: branch });
  const ended = made.hop(
    [join + 2],
    end('r1', 2, { strand: '1.1', heard: 'b1', answer: 1, output: 1 }),
  );
  const { body } = joining;
  if (body.kind !== 'STEP') throw new TypeError('not a STEP');
  const [frame] = body.state.frames;
  if (frame?.node.kind !== 'fork') throw new TypeError('not a fork');
  const node = { ...frame.node, ends: { 1: { output: 1 } } };
  const folded = { ...body, state: { ...body.state, frames: [{ ...frame, node }] } };
  const header = made.headerAt(join);
  made.hop([ended], {
    ...joining,
    carries: join,
    body: { kind: 'CARRY', header, body: folded, takeovers: 0 },
  });
  made.hop([join, join + 1], end('r1', 2, { cause: joined({ 0: { output: 0 } }), output: [0, 1] }));
  return made;
}

/** A fork of three is carried when its last branch has ended, and then its first; `order`: as it tells it. */
export function carriedEnds(order: readonly number[] | undefined): MadeHistory {
  const made = new MadeHistory();
  const start = made.start('r1');
  made.claim();
  const joining = step('r1', 1, { forks: { activation: 1, total: 3, at: '/do/0/spread' } });
  const branches = [0, 1, 2].map((branch) =>
    step('r1', 1, { strand: `1.${branch}`, call: `b${branch}`, cause: { kind: 'branch', branch } }),
  );
  const join = made.hop([start], joining, ...branches);
  const ended = [2, 0].map((branch) => {
    const about = { strand: `1.${branch}`, heard: `b${branch}`, answer: branch, output: branch };
    made.serve('r1', `b${branch}`, { strand: `1.${branch}`, answer: branch });
    return made.hop([join + 1 + branch], end('r1', 2, about));
  });
  const { body } = joining;
  if (body.kind !== 'STEP') throw new TypeError('not a STEP');
  const [frame] = body.state.frames;
  if (frame?.node.kind !== 'fork') throw new TypeError('not a fork');
  const told = order === undefined ? {} : { order };
  const node = { ...frame.node, ends: { 0: { output: 0 }, 2: { output: 2 } }, ...told };
  const folded = { ...body, state: { ...body.state, frames: [{ ...frame, node }] } };
  made.hop(ended, {
    ...joining,
    carries: join,
    body: { kind: 'CARRY', header: made.headerAt(join), body: folded, takeovers: 0 },
  });
  return made;
}

/** The run id that r1 gives to a run that it begins. */
export const BEGUN = 'r2~0';

/** r1 begins another run in its second hop, and ends; the other one goes on by itself. */
export function beganAnother(by: Partial<Starter> = {}, times = 1, partitions = 1): MadeHistory {
  const made = new MadeHistory(partitions);
  const start = made.start('r1');
  made.claim();
  const a = made.hop([start], step('r1', 1, { call: 'a' }));
  made.serve('r1', 'a');
  const starter = { run: 'r1', strand: '', activation: 2, ...by };
  const first = step(BEGUN, 1, { call: 'b', cause: { kind: 'start', input: {}, by: starter } });
  const begun = Array.from({ length: times }, (_, index) =>
    index === 0 ? first : { ...first, run: `r${index + 2}~0` },
  );
  const ended = made.hop([a], end('r1', 2, { heard: 'a' }), ...begun);
  for (const [index, { run }] of begun.entries()) {
    made.serve(run, 'b');
    made.hop([ended + 1 + index], end(run, 2, { heard: `${BEGUN}/b` }));
  }
  return made;
}
