/*
 * One Activities port for all kinds of activities of this build: host functions, http, ...
 *
 * Owns: which kind is carried out by what, loaded when it is needed first; what comes before and after
 * every one of them: secrets are filled in, and masked in the answer. Does not own: time (the runtime
 * aborts what takes too long).
 *
 * V1. `run` never rejects; whatever happens is an answer (ports/activities.ts, A3).
 * V2. No value of a secret is in an answer, whoever put it there (mask.ts).
 * V3. What this process cannot carry out is left to one that can, where there may be others (A4).
 */
import type { Activities, ActivityAnswer, ActivityContext, Secrets } from '../ports/index.ts';
import type { Activity, Json } from '../wire/index.ts';
import { errorOf, standard } from './errors.ts';
import { functionActivities, type HostFunctions, type Present } from './function.ts';
import { filled } from './late.ts';
import { Mask } from './mask.ts';
import { signalOf } from './signal.ts';

export interface ActivitiesOptions {
  readonly functions?: HostFunctions;
  /** without it no secret is there */
  readonly secrets?: Secrets;
  /**
   * Told, once for each, what runs wait for because it is not here: other processes may have it. Without
   * it, what is not here is an error of the workflow.
   */
  readonly onAbsent?: (run: string, what: string) => void;
}

/** What carries out one kind of activity is given. */
export interface Asked {
  /** its arguments are complete, but for what reads $authorization */
  readonly activity: Activity;
  readonly context: ActivityContext;
  /** aborted when the answer is not wanted any more */
  readonly signal: AbortSignal;
  /** credentials that come up on the way belong in here */
  readonly mask: Mask;
  /** The arguments once more, with $authorization. */
  authorized(authorization: Json): Promise<Json>;
}

/** Carries out one kind of activity. What it throws is answered as an error. */
export type Performer = (asked: Asked) => PromiseLike<ActivityAnswer>;

const NO_SECRETS: Secrets = { get: async () => undefined };

export function activitiesOf(options: ActivitiesOptions & { onAbsent?: undefined }): Present;
export function activitiesOf(options: ActivitiesOptions): Activities;
export function activitiesOf(options: ActivitiesOptions): Activities {
  const { functions = {}, secrets = NO_SECRETS, onAbsent } = options;
  const hosted = functionActivities(functions);
  const performers: ReadonlyMap<string, Performer> = new Map([
    ['function', async ({ activity, context }: Asked) => hosted.run(activity, context)],
    ['http', async (asked: Asked) => (await import('./http/index.ts')).performHttp(asked)],
    ['openapi', async (asked: Asked) => (await import('./openapi.ts')).performOpenApi(asked)],
    ['script', async (asked: Asked) => (await import('./script.ts')).performScript(asked)],
    ['shell', async (asked: Asked) => (await import('./shell.ts')).performShell(asked)],
  ]);
  const told = new Set<string>();
  return {
    run(activity, context) {
      const { kind, name } = activity;
      const performer = performers.get(kind);
      const isHere = kind === 'function' ? Object.hasOwn(functions, name) : performer !== undefined;
      if (!isHere && onAbsent !== undefined) {
        const what =
          kind === 'function' ? `the function ${JSON.stringify(name)}` : `what can run ${kind}`;
        if (!told.has(what)) onAbsent(context.run, what);
        told.add(what);
        return Promise.resolve({ absent: true });
      }
      if (performer === undefined) {
        const detail = `this build cannot run an activity of kind "${kind}"`;
        return Promise.resolve({ error: standard('configuration', detail) });
      }
      // What asks for no secrets has none to be masked, and a function authenticates itself.
      if (kind === 'function' && activity.late === undefined) return hosted.run(activity, context);
      return carriedOut(performer, activity, context, secrets);
    },
  };
}

/** V1, V2 */
async function carriedOut(
  performer: Performer,
  activity: Activity,
  context: ActivityContext,
  secrets: Secrets,
): Promise<ActivityAnswer> {
  const mask = new Mask();
  const authorized = (authorization: Json): Promise<Json> =>
    filled(activity, secrets, mask, authorization);
  try {
    // only what authenticates itself has an authorization to wait for
    const isFunction = activity.kind === 'function';
    const args = isFunction ? await authorized(null) : await filled(activity, secrets, mask);
    const { late: _, ...rest } = activity;
    let signal: AbortSignal | undefined;
    const asked: Asked = {
      activity: { ...rest, arguments: args },
      context,
      get signal() {
        return (signal ??= signalOf(context));
      },
      mask,
      authorized,
    };
    return mask.answer(await performer(asked));
  } catch (thrown) {
    return mask.answer({ error: errorOf(thrown) });
  }
}
