/*
 * The scratch copy: the whole source once, as a harness that nobody has touched, and next to it one
 * copy of the engine's folders for each sabotage.
 *
 * Only the engine is patched: what breaks it and what judges it come from the sound copy. Both share
 * the ports, by a link, because errors of ports are told apart by their class.
 */
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Edit } from './sabotage.ts';

const ROOT = join(import.meta.dirname, '..', '..');
/** What runs in a simulated process, with its door. */
const ENGINE = [
  ...['wire', 'jq', 'dsl', 'core', 'runtime', 'chaos/engine.ts'],
  ...['presets/calendar.ts', 'adapters/system/calendar.ts'],
];

export class StaleSabotage extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'StaleSabotage';
  }
}

export class Scratch {
  readonly home: string;

  constructor() {
    this.home = mkdtempSync(join(tmpdir(), 'waybill-sabotage-'));
    for (const folder of ['src', 'scenarios', 'chaos/sabotage']) {
      cpSync(join(ROOT, folder), join(this.home, 'sound', folder), { recursive: true });
    }
    this.#furnish(this.sound);
  }

  /** The copy that is as it was. */
  get sound(): string {
    return join(this.home, 'sound');
  }

  /** A copy of the engine with the edits in it. */
  engine(name: string, edits: readonly Edit[]): string {
    const home = join(this.home, name);
    rmSync(home, { recursive: true, force: true });
    for (const part of ENGINE) {
      const to = join(home, 'src', part);
      mkdirSync(dirname(to), { recursive: true });
      cpSync(join(this.sound, 'src', part), to, { recursive: true });
    }
    symlinkSync(join(this.sound, 'src', 'ports'), join(home, 'src', 'ports'));
    return this.#edited(home, edits);
  }

  /** A copy of everything, whose harness has the edits in it. */
  harness(name: string, edits: readonly Edit[]): string {
    const home = join(this.home, `harness-${name}`);
    rmSync(home, { recursive: true, force: true });
    cpSync(this.sound, home, { recursive: true, filter: (from) => !from.includes('node_modules') });
    rmSync(join(home, 'package.json'), { force: true });
    // Errors of ports are told apart by their class, which engines from other copies share.
    rmSync(join(home, 'src', 'ports'), { recursive: true });
    symlinkSync(join(this.sound, 'src', 'ports'), join(home, 'src', 'ports'));
    return this.#edited(home, edits);
  }

  #edited(home: string, edits: readonly Edit[]): string {
    this.#furnish(home);
    for (const { file, find, replace } of edits) {
      const path = join(home, 'src', file);
      writeFileSync(path, replaceOnce(readFileSync(path, 'utf8'), find, replace, `src/${file}`));
    }
    return home;
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }

  #furnish(home: string): void {
    symlinkSync(join(ROOT, 'node_modules'), join(home, 'node_modules'));
    cpSync(join(ROOT, 'package.json'), join(home, 'package.json'));
  }
}

/** Replaces what must be there exactly once. */
export function replaceOnce(text: string, find: string, replace: string, where: string): string {
  const at = text.indexOf(find);
  if (at < 0) throw new StaleSabotage(`${where} does not hold: ${find}`);
  if (text.includes(find, at + 1))
    throw new StaleSabotage(`${where} holds more than once: ${find}`);
  return text.slice(0, at) + replace + text.slice(at + find.length);
}
