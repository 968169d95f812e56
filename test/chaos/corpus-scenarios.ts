/* The scenarios that cases of the corpus are of, by name: what is shown, what is counted, what is hunted. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');
export const CORPUS = join(ROOT, 'chaos', 'corpus');
const FOLDERS = ['scenarios', 'scenarios/budget', 'chaos/sabotage/scenarios'];

/** Files of the corpus. */
export function corpusFiles(): readonly string[] {
  return readdirSync(CORPUS).filter((file) => file.endsWith('.json'));
}

/** Where each scenario stands. */
export function scenarioPaths(): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const folder of FOLDERS) {
    for (const file of readdirSync(join(ROOT, folder))) {
      if (!file.endsWith('.yaml')) continue;
      const path = join(ROOT, folder, file);
      const name = /^name: *(\S+)/m.exec(readFileSync(path, 'utf8'))?.[1];
      if (name !== undefined) found.set(name, path);
    }
  }
  return found;
}
