/*
 * What a world leaves behind on its servers, for the History: the logs, the rows of the Store, events and who listens
 * for them, the index of runs, and what the services saw.
 */
import type { Simulation } from '../adapters/sim/index.ts';
import type { Client } from './client.ts';
import type { History } from './history.ts';

type LeftBehind = Pick<History, 'logs' | 'store' | 'events' | 'index' | 'lifecycle' | 'ledger'>;

export function leftBehind(
  simulation: Simulation,
  count: number,
  client: Client,
  level: 'workflow' | 'task' | undefined,
): LeftBehind {
  const { broker, events, index, services, store } = simulation;
  const partitions = Array.from({ length: count }, (_, partition) => partition);
  return {
    logs: broker.everything,
    store: {
      parked: partitions.flatMap((partition) =>
        store.parkedRows(partition).map((row) => ({ partition, row })),
      ),
      results: store.resultRows(),
      journal: partitions.flatMap((partition) =>
        store.journalRows(partition).map((kept) => ({ partition, ...kept })),
      ),
      applied: partitions.map((partition) => store.applied(partition)),
    },
    events: {
      logs: events.everything,
      sent: client.sent,
      kept: store.events.keptEvents().map(({ place }) => place),
      subscriptions: store.events.subscriptionRows(),
      heard: store.events.heardRows(),
    },
    ...(index === undefined
      ? {}
      : { index: { rows: index.all(), positions: partitions.map((one) => index.position(one)) } }),
    ...(level === undefined ? {} : { lifecycle: { level, logs: events.everything } }),
    ledger: services.ledger,
  };
}
