/* Writes all generated code of src: `npm run generate`. Tests prove that it is current. */
import { writeFileSync } from 'node:fs';
import { generateValidator } from '../src/dsl/generate.ts';
import { generate } from '../src/wire/generate.ts';

const SRC = new URL('../src/', import.meta.url);

for (const [name, text] of generate()) {
  writeFileSync(new URL(`wire/generated/${name}`, SRC), text);
}
writeFileSync(new URL('dsl/generated/validate-workflow.ts', SRC), generateValidator());
