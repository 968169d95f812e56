/*
 * SimProjections: how far readers of the simulated Logs have got. Invariants: port rules J1 and J2.
 */
import type { LogPosition, Projections } from '../../ports/index.ts';
import type { Gate } from './gate.ts';
import type { Life } from './process.ts';

export class SimProjections {
  private readonly positions = new Map<string, string>();

  portFor(gate: Gate, life: Life): Projections {
    const { incarnation, process } = life;
    const about = { process: process.name, incarnation };
    return {
      position: (name, partition) =>
        gate.request(life, {
          point: { point: 'index-read', ...about, partition },
          perform: (reply) => reply.ok(this.position(name, partition)),
        }),
      move: (name, partition, from, to) =>
        gate.request(life, {
          point: { point: 'index-write', ...about, partition },
          perform: (reply) => reply.ok(this.move(name, partition, from, to)),
        }),
    };
  }

  position(name: string, partition: number): LogPosition | undefined {
    const text = this.positions.get(`${partition} ${name}`);
    return text === undefined ? undefined : (JSON.parse(text) as LogPosition);
  }

  private move(
    name: string,
    partition: number,
    from: LogPosition | undefined,
    to: LogPosition,
  ): 'moved' | 'stale' {
    if (this.position(name, partition)?.offset !== from?.offset) return 'stale';
    this.positions.set(`${partition} ${name}`, JSON.stringify(to));
    return 'moved';
  }
}
