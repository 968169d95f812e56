/*
 * A scenario as the subject of a world: definition, services, inputs.
 */
import { storedDefinition } from '../../runtime/index.ts';
import type { Subject } from '../subject.ts';
import type { Scenario } from './format.ts';
import { drawInput } from './inputs.ts';
import { listens } from './listens.ts';
import { eventSource } from './sent-events.ts';
import { serviceModels } from './services.ts';

export function scenarioSubject(scenario: Scenario): Subject {
  const { definition, hash, inputs, services, workflows } = scenario;
  const { namespace, version } = definition;
  const definitions = [definition, ...workflows].map(storedDefinition);
  const hears = [definition, ...workflows].some(listens);
  return {
    name: scenario.name,
    hash,
    definitions,
    ...(scenario.events.length === 0 ? {} : { events: scenario.events.map(eventSource) }),
    ...(hears ? { listens: true } : {}),
    ...(scenario.successor === undefined
      ? {}
      : { successor: storedDefinition(scenario.successor) }),
    start: { namespace, name: definition.name, version },
    ...(scenario.scheduledFor === undefined ? {} : { scheduledFor: scenario.scheduledFor }),
    services: serviceModels(scenario),
    tasks: [...services.keys()],
    input: (random, index) => drawInput(inputs.cases, random, index).input,
  };
}
