/*
 * The `events` of a scenario: what clients send of their own accord.
 */
import { quote } from '../../dsl/problem.ts';
import type { Json } from '../../wire/json.ts';
import { Fields, type Findings } from './fields.ts';
import type { SentEvents } from './format.ts';

const DAY_MS = 86_400_000;
const AFTER = { min: -DAY_MS, max: 7 * DAY_MS, whole: true };
const KEYS = ['name', 'of', 'share', 'after', 'copies', 'apart', 'when', 'event'];

export function readEvents(scenario: Fields | undefined): SentEvents[] {
  const found: SentEvents[] = [];
  for (const [index, item] of (scenario?.list('events') ?? []).entries()) {
    const sent = readSent(item, `/events/${index}`, scenario!.findings);
    if (sent === undefined) continue;
    if (found.some(({ name }) => name === sent.name)) {
      scenario!.findings.add(
        'duplicate-name',
        `/events/${index}/name`,
        `there are events ${quote(sent.name)} already`,
        'a name of its own for each',
      );
    }
    found.push(sent);
  }
  return found;
}

function readSent(item: Json, pointer: string, findings: Findings): SentEvents | undefined {
  const fields = Fields.of(item, pointer, 'an event', KEYS, findings);
  const name = fields?.requiredText('name', 'what the event is called in reports');
  const asked = fields?.require('event', 'jq over { input, run, index } that gives its attributes');
  const event = asked ? fields?.jq('event') : undefined;
  const of = fields?.text('of') ?? 'run';
  if (of !== 'run' && of !== 'world') fields?.wrong('of', '"run" or "world"');
  if (fields === undefined || name === undefined || event === undefined) return undefined;
  return {
    name,
    of: of === 'world' ? 'world' : 'run',
    share: fields.number('share', { min: 0, max: 1 }) ?? 1,
    after: fields.bounds('after', AFTER, { from: 0, to: 0 }),
    copies: fields.bounds('copies', { min: 1, max: 10, whole: true }, { from: 1, to: 1 }),
    apart: fields.bounds('apart', { min: 0, max: DAY_MS, whole: true }, { from: 0, to: 5_000 }),
    when: fields.jq('when'),
    event,
  };
}
