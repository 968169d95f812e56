/*
 * What this release cannot run yet, as one table. A document that uses it is valid, is loaded with a
 * note, and is refused by whoever would run it. An issue that lands a feature deletes its row.
 */
import { CALL_PROTOCOLS, isTask, type WorkflowDocument } from './document.ts';
import { type Finding, type Locate, placeProblem, type Problem } from './problem.ts';
import { type Survey, surveyDocument, type TaskPlace } from './survey.ts';

/** Where a feature is used: pointers of the keys that ask for it. */
type Finder = (document: WorkflowDocument, survey: Survey) => string[];

const inTasks =
  (find: (place: TaskPlace) => string | false | undefined): Finder =>
  (_document, { tasks }) =>
    tasks.flatMap((place) => {
      const key = find(place);
      return typeof key === 'string' ? [`${place.pointer}/${key}`] : [];
    });
const call = (which: string): Finder =>
  inTasks(({ task }) => isTask(task, 'call') && task.call === which && 'call');
const run = (which: string): Finder =>
  inTasks(({ task }) => isTask(task, 'run') && which in task.run && `run/${which}`);
const when =
  (pointer: string, used: (document: WorkflowDocument) => boolean): Finder =>
  (document) =>
    used(document) ? [pointer] : [];

/** Feature -> where it is used, and what to do without it. */
const TABLE: readonly (readonly [feature: string, find: Finder, hint?: string])[] = [
  ...CALL_PROTOCOLS.filter((protocol) => protocol !== 'http' && protocol !== 'openapi').map(
    (protocol) => [`call: ${protocol}`, call(protocol)] as const,
  ),
  ['run: container', run('container')],
  [
    '`until` in a schedule by events',
    when('/schedule/on/until', ({ schedule }) => {
      const { on } = schedule ?? {};
      return on !== undefined && 'until' in on && on.until !== undefined;
    }),
    'the specification does not say whether a run begins with the first event or the last; without `until` each event begins one, which may listen for the others',
  ],
  [
    'the grant authorization_code',
    (_document, { authentications }) =>
      authentications.flatMap(({ pointer, value }) =>
        Object.entries(value as Record<string, { grant?: string }>).flatMap(([scheme, { grant }]) =>
          grant === 'authorization_code' ? [`${pointer}/${scheme}/grant`] : [],
        ),
      ),
  ],
  [
    'an expression language other than jq',
    when('/evaluate/language', ({ evaluate }) => (evaluate?.language ?? 'jq') !== 'jq'),
  ],
  [
    'a schema format other than json',
    (_document, { schemas }) =>
      schemas
        .filter(({ value }) => !/^json(:|$)/.test(value.format ?? 'json'))
        .map(({ pointer }) => `${pointer}/format`),
  ],
];

export function unsupportedFindings(document: WorkflowDocument): Finding[] {
  const survey = surveyDocument(document);
  return TABLE.flatMap(([feature, find, hint]) =>
    find(document, survey).map((pointer) => ({
      code: 'not-supported-yet',
      message: `${feature} is valid, but this release cannot run it yet`,
      pointer,
      expected: 'a feature that this release runs',
      ...(hint === undefined ? {} : { hint }),
      at: 'key' as const,
    })),
  );
}

/** What of a document cannot run in this release; empty when all of it can. */
export function unsupported(
  document: WorkflowDocument,
  locate: Locate = () => undefined,
  file = 'document',
): Problem[] {
  return unsupportedFindings(document).map((finding) => placeProblem(finding, locate, file));
}
