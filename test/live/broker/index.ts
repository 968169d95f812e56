/*
 * Where tests and benchmarks get a broker from, in this order:
 *
 *   1. WAYBILL_BROKERS=host:port,...   one that is there already
 *   2. Redpanda in a container         where testcontainers and a container runtime are
 *   3. Apache Kafka itself             where Java 17 and Maven are
 *
 * Else there is none, and the reasons say what would help: a test then skips with them.
 */
import type { Certificates } from './certificates.ts';
import { kafkaJars } from './kafka-jars.ts';
import { KafkaProcess, USER } from './kafka-process.ts';
import { startRedpanda } from './redpanda.ts';

export { USER } from './kafka-process.ts';

export interface TestBroker {
  readonly kind: 'given' | 'redpanda' | 'kafka';
  readonly brokers: readonly string[];
  /** where the same broker asks for USER (SASL without TLS) */
  readonly sasl?: readonly string[];
  /** the process itself, to be stopped, killed and started again */
  readonly node?: KafkaProcess;
  /** Stops what was started. */
  close(): Promise<void>;
}

/**
 * A broker, or why there is none. `own`: one that may be broken, and reached through proxies on these
 * ports; with certificates it speaks TLS as well.
 */
export async function testBroker({
  own = false,
  proxies = [],
  certificates,
}: {
  readonly own?: boolean;
  readonly proxies?: readonly number[];
  readonly certificates?: Certificates;
} = {}): Promise<TestBroker | { readonly missing: string }> {
  const given = process.env['WAYBILL_BROKERS'];
  if (given !== undefined && given !== '' && !own) {
    return { kind: 'given', brokers: given.split(','), close: async () => {} };
  }
  const why: string[] = own ? [] : ['WAYBILL_BROKERS is not set'];
  if (!own) {
    const redpanda = await startRedpanda();
    if (!('missing' in redpanda)) return { kind: 'redpanda', ...redpanda };
    why.push(`no Redpanda: ${redpanda.missing}`);
  }
  const jars = await kafkaJars();
  if ('missing' in jars) {
    why.push(`no Apache Kafka: ${jars.missing}`);
    return { missing: `there is no broker (${why.join('; ')})` };
  }
  const node = await KafkaProcess.create(jars.classPath, proxies, certificates);
  return {
    kind: 'kafka',
    brokers: [node.plain],
    sasl: [node.sasl],
    node,
    close: () => node.close(),
  };
}

export const CREDENTIALS = { mechanism: 'plain', ...USER } as const;
