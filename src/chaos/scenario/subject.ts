/*
 * A scenario as the subject of a world: definition, services, inputs.
 */
import { canonicalJson } from '../../wire/canonical-json.ts';
import type { Json } from '../../wire/json.ts';
import type { Subject } from '../subject.ts';
import type { Scenario } from './format.ts';
import { drawInput } from './inputs.ts';
import { serviceModels } from './services.ts';

export function scenarioSubject(scenario: Scenario): Subject {
  const { definition, hash, inputs, services } = scenario;
  const { namespace, resources, version } = definition;
  return {
    name: scenario.name,
    hash,
    definitions: [
      {
        hash: definition.hash,
        namespace,
        name: definition.name,
        version,
        document: canonicalJson(definition.document as unknown as Json),
        resources,
      },
    ],
    start: { namespace, name: definition.name, version },
    ...(scenario.scheduledFor === undefined ? {} : { scheduledFor: scenario.scheduledFor }),
    services: serviceModels(scenario),
    tasks: [...services.keys()],
    input: (random, index) => drawInput(inputs.cases, random, index).input,
  };
}
