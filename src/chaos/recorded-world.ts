/*
 * The world of a recorded trace, as far as it shows: services that answer what they answered, the inputs
 * that runs were started with, and the beginning of a run that goes on here.
 *
 * W1. A request that was recorded is answered as it was, attempt by attempt; another one of the same
 *     service is answered as one of those that were, drawn by chance. A service of which nothing was
 *     recorded fails, and says so.
 */
import type { Random, ServiceModel, ServiceVerdict } from '../adapters/sim/index.ts';
import {
  type Activity,
  canonicalJson,
  decodeRecord,
  type Json,
  type TraceUnit,
  type WorkflowError,
} from '../wire/index.ts';

/** Answers of one service that are kept, and of one request. */
const ANSWERS_MAX = 500;
const LATENCY_MAX_MS = 60_000;

interface Heard {
  readonly outcome: { readonly result: Json } | { readonly error: WorkflowError };
  readonly latency: number;
  readonly attempt: number;
}

const NOT_RECORDED: WorkflowError = {
  type: 'https://open-workflow-specification.org/spec/1.0.0/errors/communication',
  status: 501,
  title: 'Not recorded',
};

export class RecordedWorld {
  /** inputs of the runs of each definition, by its hash */
  readonly inputs = new Map<string, Json[]>();
  private readonly byRequest = new Map<string, Map<string, Heard[]>>();
  private readonly byName = new Map<string, Heard[]>();
  private readonly asked = new Map<string, { readonly activity: Activity; readonly at: number }>();
  private readonly started = new Map<string, Json>();

  /** Learns what a unit shows. */
  learn(unit: TraceUnit): void {
    for (const bytes of unit.records) {
      const { body, header } = decodeRecord(bytes);
      const key = `${unit.world} ${header.run} ${header.strand}`;
      if (body.kind === 'START') this.started.set(key, body.input ?? {});
      if (body.kind !== 'STEP' && body.kind !== 'PARK' && body.kind !== 'END') continue;
      const input = this.started.get(key);
      if (input !== undefined && header.hop === 1) {
        this.started.delete(key);
        const all = this.inputs.get(header.definition) ?? [];
        if (all.length < ANSWERS_MAX) this.inputs.set(header.definition, [...all, input]);
      }
      const before = this.asked.get(key);
      const { cause } = body;
      if (cause.kind === 'activity' && before?.activity.key === cause.key) {
        const latency = Math.min(LATENCY_MAX_MS, Math.max(1, header.time - before.at));
        const outcome =
          cause.error === undefined ? { result: cause.result ?? null } : { error: cause.error };
        this.heard(before.activity, { outcome, latency, attempt: cause.attempt });
      }
      const activity = 'activity' in body ? body.activity : undefined;
      if (activity === undefined) this.asked.delete(key);
      else this.asked.set(key, { activity, at: header.time });
    }
  }

  private heard({ arguments: request, name }: Activity, one: Heard): void {
    const all = this.byName.get(name) ?? [];
    if (all.length < ANSWERS_MAX) this.byName.set(name, [...all, one]);
    const requests = this.byRequest.get(name) ?? new Map<string, Heard[]>();
    this.byRequest.set(name, requests);
    const text = canonicalJson(request);
    const same = requests.get(text) ?? [];
    if (requests.size < ANSWERS_MAX && same.length < ANSWERS_MAX)
      requests.set(text, [...same, one]);
  }

  /** The service of that name as it was recorded. */
  model(name: string): ServiceModel {
    return {
      call: ({ attempt, random, request }) => {
        const same = this.byRequest.get(name)?.get(canonicalJson(request)) ?? [];
        const one =
          same.find((heard) => heard.attempt === attempt) ??
          same.at(-1) ??
          drawn(this.byName.get(name) ?? [], random);
        return one === undefined ? unknown(name) : verdict(one);
      },
    };
  }
}

function drawn(all: readonly Heard[], random: Random): Heard | undefined {
  return all[Math.floor(random() * all.length)];
}

function verdict({ latency, outcome }: Heard): ServiceVerdict {
  return { latency, outcome, applied: 'result' in outcome };
}

function unknown(name: string): ServiceVerdict {
  const detail = `the trace has no answer of ${name}`;
  return { latency: 10, outcome: { error: { ...NOT_RECORDED, detail } }, applied: false };
}
