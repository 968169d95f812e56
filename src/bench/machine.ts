/*
 * What the machine says while something is measured: CPU of this process and of all others, memory, and
 * the flushes of its disks. Linux tells all of it; elsewhere what is not told is left out.
 */
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

export interface MachineReading {
  /** ms, never steps */
  readonly at: number;
  /** of this process, all threads, us */
  readonly cpuUs: number;
  /** of the whole machine, s; undefined = not told */
  readonly busySeconds: number | undefined;
  /** cache flushes that the disks have completed, for whoever asked; undefined = not told */
  readonly flushes: number | undefined;
}

export function readMachine(): MachineReading {
  const { user, system } = process.cpuUsage();
  return {
    at: performance.now(),
    cpuUs: user + system,
    busySeconds: busySeconds(),
    flushes: flushes(),
  };
}

/** Cores that others have used between two readings; undefined = not told. */
export function otherCores(before: MachineReading, after: MachineReading): number | undefined {
  if (before.busySeconds === undefined || after.busySeconds === undefined) return undefined;
  const seconds = (after.at - before.at) / 1_000;
  const own = (after.cpuUs - before.cpuUs) / 1e6;
  return Math.max(0, (after.busySeconds - before.busySeconds - own) / seconds);
}

/** Memory of this process, MB. */
export function rssMb(): number {
  return process.memoryUsage.rss() / 1e6;
}

export interface Machine {
  readonly node: string;
  readonly cores: number;
  readonly cpu: string;
  readonly system: string;
}

export function thisMachine(): Machine {
  const all = cpus();
  return {
    node: process.version,
    cores: all.length,
    cpu: all[0]?.model.trim() ?? 'unknown',
    system: `${process.platform} ${process.arch}`,
  };
}

/** user, nice, system, irq, softirq, steal */
function busySeconds(): number | undefined {
  const line = read('/proc/stat')?.split('\n', 1)[0];
  if (line === undefined) return undefined;
  const ticks = line.trim().split(/\s+/).slice(1).map(Number);
  return [0, 1, 2, 5, 6, 7].reduce((sum, index) => sum + (ticks[index] ?? 0), 0) / 100;
}

function flushes(): number | undefined {
  const lines = read('/proc/diskstats')?.trim().split('\n');
  if (lines === undefined) return undefined;
  // the 16th field behind the name; partitions repeat what their disk says
  const told = lines
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , name = '']) => /^(?:sd[a-z]+|vd[a-z]+|xvd[a-z]+|nvme\d+n\d+)$/.test(name))
    .map((fields) => Number(fields[18]))
    .filter((count) => Number.isFinite(count));
  return told.length === 0 ? undefined : told.reduce((sum, count) => sum + count, 0);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
