/* How `waybill chaos` was called, for commands that people are to copy. */
import { shellWord } from '../chaos/failure-words.ts';

export function thisCommand(engine: string | undefined): string {
  const fromSource = import.meta.url.endsWith('.ts');
  const call = fromSource ? 'npm run waybill -- chaos' : 'npx waybill chaos';
  return engine === undefined ? call : `${call} --engine ${shellWord(engine)}`;
}
