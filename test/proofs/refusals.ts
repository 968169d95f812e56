/* What a user is told who uses what the engine does not run. */
import { load, unsupported } from '../../src/dsl/index.ts';
import type { NotYet } from './not-yet.ts';

/** The refusal of a valid document; undefined when it is taken. */
export function refusalOf(text: string): string | undefined {
  const { definition, problems } = load(documentOf(text), 'example.yaml');
  if (definition === undefined) {
    throw new Error(`the example is no valid document: ${problems[0]?.message} in ${text}`);
  }
  return unsupported(definition.document)[0]?.message;
}

/** What the table says in the place of a proof; undefined when nothing stands in the way any more. */
export function wordsFor({ document, instead }: NotYet): string | undefined {
  return document === undefined ? instead : refusalOf(document);
}

function documentOf(text: string): string {
  return /^document:/m.test(text)
    ? text
    : `document: {dsl: '1.0.3', namespace: test, name: example, version: '1.0.0'}\n${text}`;
}
