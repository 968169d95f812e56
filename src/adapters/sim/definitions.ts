/*
 * SimDefinitions: the topic of Definitions, in memory; every process sees a new one a little later
 * than it was put.
 */
import { type Definitions, isLater, type StoredDefinition } from '../../ports/index.ts';
import type { DefinitionRef } from '../../wire/index.ts';
import type { PointName } from './faults.ts';
import type { Gate, Reply } from './gate.ts';
import type { Life } from './process.ts';

interface Deployed {
  readonly definition: StoredDefinition;
  /** virtual ms from which readers see it */
  readonly visibleAt: number;
}

export class SimDefinitions {
  private readonly gate: Gate;
  private deployed: readonly Deployed[] = [];

  constructor(gate: Gate) {
    this.gate = gate;
  }

  /** Deploys from outside; readers see it `delay` ms later. */
  deploy(definition: StoredDefinition, delay = 0): void {
    if (this.deployed.some((other) => other.definition.hash === definition.hash)) return;
    const visibleAt = this.gate.scheduler.now + delay;
    this.deployed = [...this.deployed, { definition: { ...definition }, visibleAt }];
  }

  portFor(life: Life): Definitions {
    const { incarnation, process } = life;
    const ask = <T>(perform: (reply: Reply<T>) => void): PromiseLike<T> => {
      const point: PointName = 'definition';
      return this.gate.request<T>(life, {
        point: { point, process: process.name, incarnation },
        perform,
      });
    };
    return {
      put: (definition) =>
        ask<void>((reply) => {
          this.deploy(definition);
          reply.ok(undefined);
        }),
      get: (hash) => ask((reply) => reply.ok(this.find((one) => one.hash === hash))),
      find: (ref) => ask((reply) => reply.ok(this.find((one) => answers(one, ref)))),
    };
  }

  private find(wanted: (definition: StoredDefinition) => boolean): StoredDefinition | undefined {
    const { now } = this.gate.scheduler;
    const found = this.deployed
      .filter((one) => one.visibleAt <= now && wanted(one.definition))
      .map(({ definition }, deployed) => ({ definition, version: definition.version, deployed }))
      .reduce<{ definition: StoredDefinition; version: string; deployed: number } | undefined>(
        (latest, one) => (latest === undefined || isLater(one, latest) ? one : latest),
        undefined,
      );
    return found === undefined ? undefined : { ...found.definition };
  }
}

function answers(definition: StoredDefinition, ref: DefinitionRef): boolean {
  const { name, namespace, version } = definition;
  if (namespace !== ref.namespace || name !== ref.name) return false;
  return ref.version === undefined || ref.version === version;
}
