/* One cell of `waybill bench`, measured in this process. */
import { resolve } from 'node:path';
import { loadFunctions } from '../activities/function.ts';
import { measure, type Phase } from '../bench/cell.ts';
import type { Cell, Figures } from '../bench/figures.ts';
import { isJournaled, type WorkloadOf } from '../bench/subject.ts';
import { ownWorkload, workload } from '../bench/workloads.ts';
import type { BenchSettings } from './bench-options.ts';
import { childWorkflows } from './child-workflows.ts';
import { readInput, runnable } from './run.ts';

export async function measureHere(
  cell: Cell,
  { flags, live }: BenchSettings,
  folder: string,
  phase: (phase: Phase) => void,
): Promise<Figures> {
  quietKafka();
  const workloadOf = flags.file === undefined ? known(cell) : await own(flags.file, flags);
  return measure(cell, { folder, ...(live === undefined ? {} : { live }) }, workloadOf, phase);
}

function known({ mode, workload: name }: Cell): WorkloadOf {
  return (surroundings) => workload(name, surroundings, isJournaled(mode));
}

async function own(file: string, flags: BenchSettings['flags']): Promise<WorkloadOf> {
  const { definition } = await runnable(file, {});
  const { functions: module, workflows } = flags;
  const children = await childWorkflows(definition, workflows === undefined ? {} : { workflows });
  const functions = module === undefined ? {} : await loadFunctions(resolve(module));
  const made = ownWorkload(definition, children, functions, readInput(flags.input) ?? {});
  return () => made;
}

/** kafkajs sets a timer in the past now and then, which Node finds worth a warning. */
function quietKafka(): void {
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    if (warning.name !== 'TimeoutNegativeWarning') process.stderr.write(`${String(warning)}\n`);
  });
}
