/* A workflow that touches most of the protocol in few steps: retry, held and parked waits, fork, calls. */
import { load, type SchemaCompiler } from '../../src/dsl/index.ts';
import type { ServiceModel } from '../../src/adapters/sim/index.ts';
import type { Subject } from '../../src/chaos/subject.ts';

const DOCUMENT = `
document:
  dsl: '1.0.3'
  namespace: test
  name: small
  version: '1.0.0'
do:
  - reserve:
      call: reserve
      with: { order: '\${ .order }' }
  - paying:
      try:
        - pay:
            call: pay
            with: { amount: '\${ .amount }' }
      catch:
        errors: { with: { type: https://serverlessworkflow.io/spec/1.0.0/errors/communication } }
        retry:
          delay: { seconds: 1 }
          backoff: { exponential: {} }
          limit: { attempt: { count: 5 } }
  - pause:
      wait: { seconds: 2 }
  - night:
      wait: { minutes: 2 }
  - both:
      fork:
        branches:
          - left:
              do:
                - pack: { call: pack, with: { side: left } }
                - label: { call: label, with: { side: left } }
          - right:
              call: pack
              with: { side: right }
  - ship:
      call: ship
      with: { parcels: '\${ . }' }
`;

const unavailable = {
  type: 'https://serverlessworkflow.io/spec/1.0.0/errors/communication',
  status: 503,
  title: 'Unavailable',
};

/** Answers after up to 200 ms; fails so often on the first two attempts. */
function service(name: string, failing = 0): ServiceModel {
  return {
    call: ({ attempt, random }) => {
      const latency = 5 + random() * 200;
      if (attempt <= 2 && random() < failing) {
        return { latency, outcome: { error: unavailable }, applied: false };
      }
      const result = { amount: Math.floor(random() * 1_000), by: name };
      return { latency, outcome: { result }, applied: true };
    },
  };
}

/** No schema is used in these documents. */
export const noSchemas: SchemaCompiler = () => {
  throw new Error('there are no schemas here');
};

export function smallSubject(text: string = DOCUMENT): Subject {
  const { definition, problems } = load(text, 'small.yaml');
  if (definition === undefined) throw new Error(JSON.stringify(problems));
  const { hash, name, namespace, version } = definition;
  const services = new Map([
    ['reserve', service('reserve')],
    ['pay', service('pay', 0.2)],
    ['pack', service('pack')],
    ['label', service('label')],
    ['ship', service('ship')],
  ]);
  return {
    name: 'small',
    hash,
    definitions: [
      {
        hash,
        namespace,
        name,
        version,
        document: JSON.stringify(definition.document),
        resources: {},
      },
    ],
    start: { namespace, name },
    services,
    tasks: [...services.keys()],
    input: (random, index) => ({ order: `o-${index}`, amount: Math.floor(random() * 100) }),
  };
}
