/*
 * Contract suites: the same cases for every adapter of a port, with declared deviations (the style of
 * hono's router/common.case). A deviation names its cases and its reason; a name that is no case is
 * an error, so that deviations do not outlive what they excuse.
 */
import { describe, it } from 'vitest';

export interface Deviation {
  readonly reason: string;
  readonly cases: readonly string[];
}

/** What every adapter's world can do besides the port under test. */
export interface World {
  /** Drives the world until the answer is there: real time, or virtual time that must be advanced. */
  settle<T>(answer: PromiseLike<T>): Promise<T>;
  /** Lets `ms` go by, for what must not happen and for what happens later. */
  pass(ms: number): Promise<void>;
  close(): void | Promise<void>;
}

export interface Contract<W extends World> {
  /** of the adapter */
  readonly name: string;
  /** A fresh, empty world for each case. */
  readonly open: () => W | Promise<W>;
  readonly skip?: readonly Deviation[];
  /** for one case, ms; slow adapters raise it */
  readonly timeout?: number;
}

/** `open` gives further fresh worlds, to a case that needs many; it closes them itself. */
export type Cases<W extends World> = {
  readonly [name: string]: (world: W, open: () => W | Promise<W>) => Promise<void>;
};

export function suite<W extends World>(port: string, contract: Contract<W>, cases: Cases<W>): void {
  const { name, open, skip = [], timeout = 20_000 } = contract;
  const excused = new Map(skip.flatMap(({ reason, cases }) => cases.map((one) => [one, reason])));
  for (const one of excused.keys()) {
    if (!(one in cases)) throw new Error(`${name} skips "${one}", which is no case of ${port}`);
  }
  describe(`${port}: ${name}`, () => {
    for (const [title, run] of Object.entries(cases)) {
      const reason = excused.get(title);
      if (reason !== undefined) {
        it.skip(`${title} (${reason})`, () => {});
        continue;
      }
      it(
        title,
        async () => {
          const world = await open();
          try {
            await run(world, open);
          } finally {
            await world.close();
          }
        },
        timeout,
      );
    }
  });
}

/** Passes time until `held` is true; fails with `what` if that takes longer than `limit` ms. */
export async function eventually(
  world: World,
  what: string,
  held: () => boolean,
  limit = 15_000,
): Promise<void> {
  for (let passed = 0; !held(); passed += 20) {
    if (passed >= limit) throw new Error(`not within ${limit} ms: ${what}`);
    await world.pass(20);
  }
}

/** What became of an answer so far, for "it does not come yet". */
export function watched<T>(answer: PromiseLike<T>): { settled: boolean; value: T | undefined } {
  const seen: { settled: boolean; value: T | undefined } = { settled: false, value: undefined };
  answer.then(
    (value) => {
      seen.settled = true;
      seen.value = value;
    },
    () => {
      seen.settled = true;
    },
  );
  return seen;
}

/** The error of an answer that must fail. */
export async function failure(world: World, answer: PromiseLike<unknown>): Promise<unknown> {
  const outcome = answer.then(
    () => ({ failed: false, error: undefined as unknown }),
    (error: unknown) => ({ failed: true, error }),
  );
  const { failed, error } = await world.settle(outcome);
  if (!failed) throw new Error('this was expected to be refused, and was not');
  return error;
}
