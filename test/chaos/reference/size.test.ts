/*
 * The reference stays naive: it is a tenth of what it judges at most.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** What reads documents, decides, remembers and carries out; adapters, jq and activities are not counted. */
const ENGINE = ['core', 'dsl', 'runtime', 'wire'];

function lines(folder: string): number {
  const files = readdirSync(folder, { encoding: 'utf8', recursive: true });
  const code = files.filter((file) => file.endsWith('.ts') && !file.includes('generated'));
  return code.reduce(
    (sum, file) => sum + readFileSync(`${folder}/${file}`, 'utf8').split('\n').length - 1,
    0,
  );
}

test('the reference has a tenth of the lines of the engine at most', () => {
  const engine = ENGINE.reduce((sum, folder) => sum + lines(`src/${folder}`), 0);
  expect(lines('src/chaos/reference') / engine).toBeLessThanOrEqual(0.1);
});
