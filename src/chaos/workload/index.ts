/*
 * Generated workflows as scenarios: a document, services that answer from what they are asked, inputs.
 * A seed is a scenario; its text is complete, so that it can be saved, replayed and told like any other.
 */
import * as fc from 'fast-check';
import type { Json } from '../../wire/json.ts';
import { loadScenario, type Scenario, scenarioSubject } from '../scenario/index.ts';
import type { Subject } from '../subject.ts';
import { Author } from './author.ts';
import { OUTSIDE, type Taste } from './words.ts';

export { OUTSIDE, type Taste } from './words.ts';

export const EVERYTHING: Taste = {
  exact: false,
  long: true,
  events: true,
  cancels: true,
  depth: 5,
  tasks: 30,
};

/** Evenly: what is likely is the author's decision. */
const between = (min: number, max: number): fc.Arbitrary<number> =>
  fc.noBias(fc.integer({ min, max }));

/** The text of a scenario (JSON) around a random valid workflow. */
export function scenarioTexts(taste: Taste = EVERYTHING, name = 'generated'): fc.Arbitrary<string> {
  return fc.gen().map((draw) => {
    const author = new Author((min, max) => draw(between, min, max), taste);
    const { workflow, workflows } = author.documents(name);
    const services = author.services();
    const { files } = author.elsewhere;
    const scenario: Json = {
      name,
      summary: 'A workflow that was generated.',
      workflow,
      ...(Object.keys(files).length === 0 ? {} : { files }),
      ...(workflows.length === 0 ? {} : { workflows }),
      inputs: { cases: [{ name: 'any', generate: INPUT }] },
      services,
      ...(author.listens ? { events: EVENTS } : {}),
      suspends: SUSPENDS,
      faults: { instances: [1, 6], runners: [1, 3], partitions: [1, 3], faults: [0, 10] },
    };
    return JSON.stringify(scenario);
  });
}

/** Share of the runs that somebody puts aside for a while: it changes nothing but the time. */
const SUSPENDS = 0.15;

const INPUT: Json = {
  n: { $range: [0, 30] },
  s: { $choice: ['a', 'night', 'n0', 'longer text'] },
  l: { $list: { length: [0, 4], of: { $range: [0, 9] } } },
};

/** What clients send, some of it before a run has begun and some more than once. */
const EVENTS: Json = OUTSIDE.flatMap((type, nth) =>
  [0, 1].map((room) => ({
    name: `${type}-${room}`,
    share: 0.7,
    after: [-2_000, 4_000 + 15_000 * (nth + room)],
    copies: [1, 2],
    event: `{ type: "${type}", source: "urn:outside", room: ${1 + room}, data: { n: ((.index + ${nth * 3}) % 9), s: (.input.s | .[0:5]), l: [${room}, 4][${room}:] } }`,
  })),
);

export function scenarioOf(text: string, file = 'generated.json'): Scenario {
  const { problems, scenario } = loadScenario(text, file);
  if (scenario !== undefined) return scenario;
  throw new Error(`not a scenario: ${JSON.stringify(problems.slice(0, 3))} in ${text}`);
}

export function generatedScenario(seed: number, taste: Taste = EVERYTHING): Scenario {
  const name = `generated-${seed}`;
  const [text] = fc.sample(scenarioTexts(taste, name), { seed, numRuns: 1 });
  return scenarioOf(text!, `${name}.json`);
}

/** A generated workflow as the subject of a world. */
export function generatedSubject(seed: number, taste: Taste = EVERYTHING): Subject {
  return scenarioSubject(generatedScenario(seed, taste));
}
