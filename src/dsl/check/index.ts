/*
 * What the schema cannot say: names, references, flow, times, URIs, expressions.
 *
 * Checks run on documents that have passed the schema, on one survey of them. What refuses a document
 * is a problem, what its author should know is a note.
 */
import type { WorkflowDocument } from '../document.ts';
import type { Finding } from '../problem.ts';
import { surveyDocument } from '../survey.ts';
import { checkFlow } from './flow.ts';
import { checkNames } from './names.ts';
import { checkReferences } from './references.ts';
import { checkTexts } from './texts.ts';
import { checkTimes } from './times.ts';

export interface Verdict {
  readonly problems: Finding[];
  readonly notes: Finding[];
}

export function checkDocument(document: WorkflowDocument): Verdict {
  const verdict: Verdict = { problems: [], notes: [] };
  const survey = surveyDocument(document);
  checkVersion(document, verdict);
  checkNames(document, survey, verdict);
  checkFlow(survey, verdict);
  checkReferences(document, survey, verdict);
  checkTimes(document, survey, verdict);
  checkTexts(document, survey, verdict);
  return verdict;
}

function checkVersion(document: WorkflowDocument, { problems }: Verdict): void {
  const { dsl } = document.document;
  if (/^1\.0\.\d+$/.test(dsl)) return;
  const old = dsl.startsWith('0.');
  problems.push({
    code: 'dsl-version',
    message: `this engine reads DSL 1.0, not ${dsl}`,
    pointer: '/document/dsl',
    expected: 'a version of DSL 1.0, such as 1.0.3',
    hint: old
      ? 'DSL 0.8 (states) is another language; the workflow has to be written anew'
      : "write dsl: '1.0.3' if the document uses nothing newer",
  });
}
