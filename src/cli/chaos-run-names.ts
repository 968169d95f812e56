/*
 * What the runs of a world are called: by the numbers of the plan, and those that a schedule or another
 * run began in the order in which they did.
 */
import type { Reading, Run } from '../chaos/oracles/index.ts';
import type { FaultPlan } from '../chaos/plan.ts';
import { runIdOf } from '../chaos/world.ts';

export class RunNames {
  private readonly numbers = new Map<string, number>();
  private readonly labels = new Map<number, string>();

  constructor(plan: FaultPlan, { partitions, runs }: Reading) {
    const ticks = new Set(
      partitions
        .flatMap(({ units }) => units)
        .filter(({ records }) => records.some(({ header }) => header.kind === 'FIRE'))
        .flatMap(({ records }) => records.map(({ header }) => header.run)),
    );
    for (const one of plan.instances) this.add(runIdOf(one), one.id, `run ${one.id}`);
    let number = Math.max(-1, ...this.labels.keys());
    const counts = { tick: 0, child: 0 };
    const others = [...runs.values()]
      .filter(({ records, run, start }) => {
        return (start ?? records[0]) !== undefined && !this.numbers.has(run);
      })
      .sort((a, b) => begun(a) - begun(b));
    for (const { records, run, start } of others) {
      const first = (start ?? records[0])?.header.kind;
      if (first === 'SCHEDULE' || first === 'FIRE') continue;
      const kind = ticks.has(run) ? 'tick' : 'child';
      number += 1;
      counts[kind] += 1;
      this.add(run, number, `${kind} ${counts[kind]}`);
    }
  }

  private add(run: string, number: number, label: string): void {
    this.numbers.set(run, number);
    this.labels.set(number, label);
  }

  /** Small and unique in the world; undefined for a run that never began. */
  numberOf(run: string): number | undefined {
    return this.numbers.get(run);
  }

  /** `run 3`, `tick 1`, or its id. */
  nameOf(run: string): string {
    const number = this.numbers.get(run);
    return number === undefined ? `run ${run}` : this.labelOf(number);
  }

  /** A text with the ids in it told by their names. */
  inText(text: string): string {
    let told = text;
    for (const [run, number] of this.numbers) {
      if (told.includes(run)) {
        told = told
          .replaceAll(`run ${run}`, this.labelOf(number))
          .replaceAll(run, this.labelOf(number));
      }
    }
    return told;
  }

  labelOf(number: number): string {
    return this.labels.get(number) ?? `run ${number}`;
  }

  /** Those of the plan first. */
  all(): readonly number[] {
    return [...this.labels.keys()];
  }
}

function begun({ records, start }: Run): number {
  return (start ?? records[0])?.time ?? 0;
}
