/*
 * A copy of the engine with one of the catalogue's sabotages in it: to see that a live campaign notices.
 */
import { cpSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SABOTAGES } from '../sabotage/catalogue.ts';
import { replaceOnce } from '../sabotage/scratch.ts';
import { ENGINE } from './processes.ts';

/** Folder of the copy; undefined = the catalogue has no sabotage of that name. The caller removes it. */
export function sabotagedEngine(name: string): string | undefined {
  const sabotage = SABOTAGES.find((one) => one.name === name);
  if (sabotage === undefined) return undefined;
  const home = mkdtempSync(join(tmpdir(), 'waybill-sabotaged-'));
  cpSync(join(ENGINE, 'src'), join(home, 'src'), { recursive: true });
  cpSync(join(ENGINE, 'package.json'), join(home, 'package.json'));
  symlinkSync(join(ENGINE, 'node_modules'), join(home, 'node_modules'));
  for (const { file, find, replace } of sabotage.edits) {
    const path = join(home, 'src', file);
    writeFileSync(path, replaceOnce(readFileSync(path, 'utf8'), find, replace, `src/${file}`));
  }
  return home;
}
