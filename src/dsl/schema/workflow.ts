/*
 * The root of the schema: a whole workflow document.
 *
 * The specification leaves the root object open. Waybill closes it, because a misplaced `retries` or
 * `functions` would otherwise be ignored; `x-` keys and `$schema` remain free.
 */
/* oxlint-disable unicorn/no-thenable -- `then` is a keyword of JSON Schema and of the DSL */
import {
  anyObject,
  anyText,
  flag,
  listOf,
  mapOf,
  object,
  oneWordOf,
  pattern,
  ref,
  type Schema,
  text,
  expression,
  sharedDefinitions,
} from './build.ts';
import { callDefinitions } from './calls.ts';
import { taskDefinitions } from './tasks.ts';

const SEMVER =
  '^(?:0|[1-9]\\d*)\\.(?:0|[1-9]\\d*)\\.(?:0|[1-9]\\d*)(?:-[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?(?:\\+[0-9A-Za-z-]+(?:\\.[0-9A-Za-z-]+)*)?$';
const label = pattern(
  '^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$',
  'a DNS label: up to 63 letters, digits and inner hyphens',
  { code: 'bad-name' },
);
const version = pattern(SEMVER, "a semantic version such as '1.0.0'", {
  code: 'bad-version',
  hint: 'quote it: YAML reads 1.0 as a number',
});

export const WORKFLOW_SCHEMA: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'https://waybill.dev/schemas/workflow-1.0.3.json',
  title: 'a workflow',
  type: 'object',
  expected: 'a workflow: an object with `document` and `do`',
  properties: {
    document: object(
      'document',
      {
        dsl: version,
        namespace: label,
        name: label,
        version,
        title: anyText,
        summary: anyText,
        tags: anyObject,
        metadata: {
          title: 'metadata',
          type: 'object',
          properties: {
            saga: flag,
            limit: ref('concurrencyLimit'),
            search: mapOf(expression),
            timezone: pattern(
              '^[A-Za-z][A-Za-z0-9_+/-]*$',
              'an IANA time zone such as Europe/Berlin',
            ),
            durability: oneWordOf('messages', 'journal'),
          },
        },
      },
      ['dsl', 'namespace', 'name', 'version'],
    ),
    input: ref('input'),
    use: object('use', {
      authentications: mapOf(ref('policy')),
      catalogs: mapOf(object('a catalog', { endpoint: ref('endpoint') }, ['endpoint'])),
      errors: mapOf(ref('error')),
      extensions: ref('extensions'),
      functions: mapOf(ref('task')),
      retries: mapOf(ref('retryPolicy')),
      secrets: listOf(text({ expected: 'the name of a secret' })),
      timeouts: mapOf(ref('timeout')),
    }),
    do: ref('taskList'),
    timeout: ref('timeoutOrName'),
    output: ref('output'),
    schedule: object(
      'schedule',
      {
        every: ref('duration'),
        cron: text({ expected: 'a cron expression of five fields' }),
        after: ref('duration'),
        on: ref('strategy'),
        read: oneWordOf('data', 'envelope', 'raw'),
      },
      [],
      {
        if: { required: ['read'] },
        then: { title: 'a schedule with `read`', required: ['on'] },
        minProperties: 1,
        expected: 'at least one of every, cron, after, on',
      },
    ),
    evaluate: object('evaluate', { language: text(), mode: oneWordOf('strict', 'loose') }),
  },
  patternProperties: { '^(?:x-|\\$schema$)': true },
  additionalProperties: false,
  required: ['document', 'do'],
  $defs: { ...sharedDefinitions, ...taskDefinitions, ...callDefinitions },
};
