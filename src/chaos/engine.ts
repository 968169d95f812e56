/*
 * Engine: what runs in a simulated process. The real one is the runtime; sabotaged copies and older
 * builds are booted through the same door.
 */
import type { SimPorts } from '../adapters/sim/index.ts';
import type { SchemaCompiler } from '../dsl/index.ts';
import { cronNext } from '../presets/calendar.ts';
import type { Window } from './plan.ts';
import { type PlanCompiler, planCompiler, Runner, type RuntimeLimits } from '../runtime/index.ts';

export interface Engine {
  readonly name: string;
  /** whether its runners keep an index of runs (no) */
  readonly index?: boolean;
  /** which lifecycle events its runners publish (none) */
  readonly lifecycle?: 'workflow' | 'task';
  /** Begins a runner on these ports. It is never stopped politely: its process dies. */
  boot(ports: SimPorts, name: string, complain: (said: string) => void, window?: Window): void;
}

/** Small enough that short simulated Logs reach what only long real ones do. */
export const SIMULATED_LIMITS: Partial<RuntimeLimits> = {
  carryDistance: 64,
  // A day of waiting takes as many events of a world as it is looked for matches.
  listenPollMsMax: 60_000,
};

/** The runtime of this build. */
export function currentEngine(
  schemas: SchemaCompiler,
  limits: Partial<RuntimeLimits> = SIMULATED_LIMITS,
  index = false,
  lifecycle?: 'workflow' | 'task',
): Engine {
  const compile = remembered(planCompiler(schemas));
  return {
    name: 'waybill',
    index,
    ...(lifecycle === undefined ? {} : { lifecycle }),
    boot(ports, name, complain, window) {
      const runner = new Runner(ports, {
        name,
        prefix: 'simulated',
        compile,
        cron: cronNext,
        ...(lifecycle === undefined ? {} : { lifecycle }),
        limits: window === undefined ? limits : { ...limits, ...limitsOf(window) },
        onComplaint: complain,
      });
      runner.start();
    },
  };
}

/** A window so small that what is open does not fit: records are fetched again all the time (R8). */
function limitsOf({ bodies, refetch, active }: Window): Partial<RuntimeLimits> {
  const bounds = { bodiesMax: bodies, activeMax: active, unfoldedMax: active };
  return { ...bounds, refetchMax: refetch, startsMax: refetch, inheritedFirst: refetch };
}

/** Plans that are remembered: more than a scenario has, and less than thousands of generated ones have. */
const PLANS_MAX = 200;

/** Plans are immutable and depend on the Definition alone: thousands of runs may share them. */
function remembered(compile: PlanCompiler): PlanCompiler {
  const known = new Map<string, ReturnType<PlanCompiler>>();
  return (stored) => {
    let answer = known.get(stored.hash);
    if (answer === undefined) {
      if (known.size >= PLANS_MAX) known.clear();
      known.set(stored.hash, (answer = compile(stored)));
    }
    return answer;
  };
}
