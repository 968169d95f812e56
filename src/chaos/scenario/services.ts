/*
 * Services of a scenario as the simulator's service models.
 *
 * Stateless on purpose: what a call does follows from the call and its random numbers, so that neither
 * crashes nor faults elsewhere change it and a reference run can ask the same models. The simulated
 * world keeps the effects and the answers by effect key; what an undo covers is decided where the
 * world is judged (final-world.ts).
 *
 * Draws are in a fixed order - latency, then each failure in turn - and a failure that does not apply
 * to a request draws nothing.
 */
import type { ServiceCall, ServiceModel, ServiceVerdict } from '../../adapters/sim/services.ts';
import { OpenApiFault, type Operation, requestOf } from '../../dsl/index.ts';
import type { Json, JsonObject } from '../../wire/json.ts';
import { isHttpService } from './called-services.ts';
import type { Failure, Scenario, Service } from './format.ts';
import { isTrue } from './outcomes.ts';

/** A model for every service of the scenario, by name. */
export function serviceModels(scenario: Scenario): ReadonlyMap<string, ServiceModel> {
  return new Map(
    [...scenario.services].map(([name, service]) => [
      name,
      { call: (call: ServiceCall) => answer(service, call) },
    ]),
  );
}

function answer(service: Service, call: ServiceCall): ServiceVerdict {
  const { random, request, key, attempt, run } = call;
  const seen: Json = { request, key, attempt, run };
  const latency = service.latency(random);
  const beats = {
    ...(service.heartbeat === undefined ? {} : { heartbeat: service.heartbeat }),
    ...(service.stoppable ? { stoppable: true as const } : {}),
  };
  const result = (): Json => shaped(service, call, service.answer?.evaluate(seen) ?? {});
  for (const failure of service.failures) {
    if (!strikes(failure, call, seen)) continue;
    const applied = failure.applied > 0 && (failure.applied >= 1 || random() < failure.applied);
    return {
      latency: failure.latency?.(random) ?? latency,
      outcome: { error: failure.error },
      applied,
      ...(applied ? { stored: result() } : {}),
      ...beats,
    };
  }
  return { latency, outcome: { result: result() }, applied: true, ...beats };
}

function strikes(failure: Failure, { attempt, random }: ServiceCall, seen: Json): boolean {
  if (attempt > failure.first) return false;
  if (failure.when !== undefined && !isTrue(failure.when.evaluate(seen))) return false;
  return failure.probability >= 1 || random() < failure.probability;
}

/** What an http or openapi call gives of the content that its service answers, by the call's `output`. */
function shaped({ name }: Service, { request }: ServiceCall, content: Json): Json {
  if (!isHttpService(name)) return content;
  const asked = request as Readonly<Record<string, Json>>;
  const { output } = asked;
  if (output === 'raw') {
    const text = typeof content === 'string' ? content : JSON.stringify(content);
    return Buffer.from(text).toString('base64');
  }
  if (output !== 'response') return content;
  const { endpoint, headers, method } = writtenOut(asked);
  return {
    request: { method: method ?? null, uri: endpoint ?? null, headers: headers ?? {} },
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    content,
  };
}

/** The request of an operation as it would be sent; what is missing or nested too deep is left as it is. */
function writtenOut(asked: Readonly<Record<string, Json>>): Readonly<Record<string, Json>> {
  const { operation, parameters } = asked;
  if (operation === undefined) return asked;
  try {
    return { ...requestOf(operation as unknown as Operation, parameters as JsonObject) };
  } catch (error) {
    if (error instanceof OpenApiFault) return asked;
    throw error;
  }
}
