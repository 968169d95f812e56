/*
 * A scenario as the subject of a world: definition, services, inputs.
 */
import { type Random, stream } from '../../adapters/sim/random.ts';
import { canonicalJson } from '../../wire/canonical-json.ts';
import { sha256Hex } from '../../wire/hash.ts';
import type { Subject } from '../subject.ts';
import type { Scenario } from './format.ts';
import { drawInput } from './inputs.ts';
import { serviceModels } from './services.ts';

/** Which case a draw is belongs to the draw alone, so that shrinking other things does not change it. */
export function scenarioSubject(scenario: Scenario): Subject {
  const { definition, inputs, name, services } = scenario;
  const { canonical, hash, namespace, resources, version } = definition;
  return {
    name,
    hash: sha256Hex(canonicalJson({ name, definition: hash, services: [...services.keys()] })),
    definitions: [
      {
        hash,
        namespace,
        name: definition.name,
        version,
        document: documentText(canonical),
        resources,
      },
    ],
    start: { namespace, name: definition.name, version },
    services: serviceModels(scenario),
    tasks: [...services.keys()],
    input: (draw: number, random: Random) =>
      drawInput(inputs.cases, draw === 0 ? () => 0 : either(stream('case', draw), random), draw)
        .input,
  };
}

/** The first number of one stream, then the other: the case is chosen by the draw, the rest is drawn. */
function either(first: Random, then: Random): Random {
  let chosen = false;
  return () => {
    if (chosen) return then();
    chosen = true;
    return first();
  };
}

function documentText(canonical: string): string {
  const { document } = JSON.parse(canonical) as { document: Parameters<typeof canonicalJson>[0] };
  return canonicalJson(document);
}
