/*
 * Requests to control runs and schedules, as promises: what a client and an embedded engine share.
 */
import { systemClock, systemEntropy } from '../adapters/system/index.ts';
import type { Definition } from '../dsl/index.ts';
import type { Broker } from '../ports/index.ts';
import { ask, type ControlOutcome } from '../runtime/index.ts';
import {
  type ControlVerb,
  type DefinitionRef,
  type Json,
  scheduleId,
  uuidv7,
} from '../wire/index.ts';

/** Resolves once the request was carried out, or refused with the reason. */
export function control(
  broker: Broker,
  run: string,
  verb: ControlVerb,
  args?: Json,
): Promise<ControlOutcome> {
  return new Promise((told, failed) => {
    ask({ broker, clock: systemClock }, request(run, verb, args), { told, failed });
  });
}

/** Resolves once the request is durable: whoever owns the partition then carries it out. */
export function controlSoon(
  broker: Broker,
  run: string,
  verb: ControlVerb,
  args?: Json,
): Promise<void> {
  return new Promise((landed, failed) => {
    const close = ask({ broker, clock: systemClock }, request(run, verb, args), {
      landed: () => {
        landed();
        close();
      },
      told: () => landed(),
      failed,
    });
  });
}

/** Whether times or events begin runs of a definition. */
export function isScheduled({ document }: Definition): boolean {
  const { schedule } = document;
  return (
    schedule?.every !== undefined ||
    schedule?.cron !== undefined ||
    schedule?.after !== undefined ||
    schedule?.on !== undefined
  );
}

/** The schedule of a definition begins, unless it runs already or a newer version does. */
export function schedule(broker: Broker, { namespace, name, hash }: Definition): Promise<void> {
  return controlSoon(broker, scheduleId(namespace, name, broker.partitions), 'schedule', { hash });
}

export function unschedule(
  broker: Broker,
  { namespace, name }: DefinitionRef,
): Promise<ControlOutcome> {
  return control(broker, scheduleId(namespace, name, broker.partitions), 'unschedule');
}

function request(run: string, verb: ControlVerb, args: Json | undefined) {
  const time = systemClock.now();
  const id = uuidv7(time, () => systemEntropy.uint32() / 2 ** 32);
  return { run, id, verb, time, ...(args === undefined ? {} : { arguments: args }) };
}
