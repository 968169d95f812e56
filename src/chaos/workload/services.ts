/* Services of generated workflows: they answer from what they are asked, now and then with an error. */
import type { Json } from '../../wire/json.ts';
import { CUSTOM_ERROR, type JsonObject, type Words } from './words.ts';

/** `elsewhere`: it is called by http or openapi, and what it is asked stands in a body or parameters. */
export function generatedService(words: Words, elsewhere: boolean): Json {
  const from = words.pick([1, 5, 40, 200]);
  const failures: JsonObject[] = [];
  // Requests may be anything; a model of a service must not fail itself.
  const request = elsewhere ? '(.request | .body? // .parameters? // .query? // {})' : '.request';
  const safe = `${request} | (.n? | if type == "number" then floor else 1 end) as $n | `;
  const n = `${safe}($n % `;
  if (words.chance(55)) {
    failures.push({
      name: 'at first',
      when: `${n}${words.int(3, 7)}) == ${words.int(0, 2)}`,
      first: words.int(1, 3),
      applied: words.chance(20),
      error: { type: 'communication', status: 503, title: 'Busy' },
    });
  }
  if (words.chance(30)) {
    failures.push({
      name: 'never',
      when: `${n}${words.int(4, 9)}) == 3`,
      error: { type: words.pick([CUSTOM_ERROR, 'authorization']), status: words.pick([403, 422]) },
    });
  }
  return {
    latency: { uniform: [from, from + words.pick([3, 50, 700, 4000])] },
    answer: words.pick([
      `${safe}{ n: ($n + 1) % 83, s: "b", l: [$n, 4] }`,
      `${safe}{ n: ($n + 3) % 97, s: "\\(.s? // "a")!"[0:12], l: [$n] }`,
      `${safe}{ n: ($n * 2) % 89, s: "served", l: [$n, 7] }`,
      `{ n: (${request} | length), s: "counted", l: [1, 2] }`,
      words.chance(20) ? `${request} | .n? // 5` : `${request} | . + { n: 11, s: "kept", l: [5] }`,
    ]),
    ...(failures.length === 0 ? {} : { failures }),
  };
}
