/*
 * What the specification leaves open or contradicts, and what was decided: the source of
 * docs/decisions.md. Each decision names the rows of the coverage table (rows.ts) whose tests pin it.
 */
import type { RowId } from './rows.ts';

export interface Decision {
  readonly question: string;
  readonly decided: string;
  readonly rows: readonly [RowId, ...RowId[]];
}

export const DECISIONS: readonly Decision[] = [
  {
    question: 'Error types have been published under several URIs.',
    decided:
      'Standard types are equal when their last segment is, under any of the homes that the specification has had; all others are equal as texts.',
    rows: ['decided.error-homes'],
  },
  {
    question: '`catch` has both `retry` and `do`: which comes first?',
    decided: 'Retry; `do` runs once, when no retry is left.',
    rows: ['decided.retry-first'],
  },
  {
    question: 'Does `limit.attempt.count` count attempts or retries?',
    decided: 'Retries: 3 means four attempts in all.',
    rows: ['decided.count'],
  },
  {
    question: 'What are the formulas of backoff and jitter?',
    decided:
      'Before retry n of delay d: constant d, linear d * n, exponential d * 2^(n-1), plus jitter, uniform between its bounds.',
    rows: ['decided.backoff', 'retry.jitter'],
  },
  {
    question: 'What is the error called when `catch.as` is absent?',
    decided: '`$error`.',
    rows: ['decided.as'],
  },
  {
    question:
      'What does a fork put out, what of its losers, what of contexts that branches export?',
    decided:
      'A list of plain outputs in the order of declaration, or the output of the first branch that succeeds; losers are stopped; what branches export stays with them.',
    rows: ['decided.fork-output', 'fork.compete', 'fork.losers'],
  },
  {
    question: 'What does emit put out?',
    decided: 'The event, whole.',
    rows: ['decided.emit-output'],
  },
  {
    question: 'Does `export.as` replace the context or merge into it?',
    decided: 'It replaces it; `$context + .` merges.',
    rows: ['decided.export'],
  },
  {
    question: 'What of `then`, `export` and transforms of a skipped task?',
    decided: 'Its `then` applies; its output is its raw input, and nothing is exported.',
    rows: ['decided.skipped'],
  },
  {
    question: 'Which JSON pointer names a task in a loop, a retry, a function, an extension?',
    decided:
      'The place in the document, without turns and attempts; what a call leads to stands below it (`/do/0/a/call/0/f`), an extension below the item of the task (`/do/0/extensions/log/before/0/x`).',
    rows: ['decided.pointers', 'extension.order'],
  },
  {
    question: 'What is `$context` before anything is exported?',
    decided: 'null.',
    rows: ['decided.context'],
  },
  {
    question: 'What is the input of a workflow that is started without one?',
    decided: 'An empty object.',
    rows: ['decided.no-input'],
  },
  {
    question: 'Are `$workflow.input` and `$task.input` raw or transformed?',
    decided: 'Raw; `$input` is transformed.',
    rows: ['decided.raw-input'],
  },
  {
    question: 'When are schemas asked?',
    decided: '`input.schema` before `input.from`, `output.schema` after `output.as`.',
    rows: ['decided.schema-order'],
  },
  {
    question: 'What does `redirect: false` do with 3xx?',
    decided: 'It is an error with that status; nothing is followed.',
    rows: ['decided.redirect'],
  },
  {
    question: 'What does `until` see, and what does listen put out for `one`?',
    decided: 'The list of events so far; a list, always.',
    rows: ['decided.until', 'listen.output'],
  },
  {
    question: 'What does `then: exit` leave?',
    decided:
      'The list it stands in: at the top the workflow, which has completed; in a loop the turn, not the loop.',
    rows: ['decided.exit-in-for', 'then.exit'],
  },
  {
    question: 'Is a bare text such as `error: $error` an expression?',
    decided:
      'Not in a free value: only one `${ }` as a whole is, and `validate` notes what looks like one. Fields that are expressions take bare jq.',
    rows: ['decided.bare-in-set', 'decided.embedded', 'expression.bare'],
  },
  {
    question: 'Which values may an HTTP query have?',
    decided: 'Texts, numbers, booleans and null, or one expression for all.',
    rows: ['decided.query'],
  },
  {
    question: 'Does the timeout of a try cover its retries?',
    decided: 'Yes, all attempts and the delays between them.',
    rows: ['decided.try-timeout'],
  },
  {
    question: 'In which order do several extensions of one task run?',
    decided:
      '`before` in the order of declaration, `after` in reverse: the first one declared is the outermost. `composite` means do and fork, which have no name of their own there.',
    rows: ['decided.extension-order', 'extension.composite'],
  },
  {
    question:
      'Digest authentication and the JWT ways in which OAuth2 clients authenticate are often left out.',
    decided: 'They are there.',
    rows: ['auth.digest', 'auth.oauth2.client-jwt'],
  },
  {
    question: 'What becomes of what tasks of an extension put out?',
    decided:
      'Nothing: the task gets the input it would have had. But an `exit` in `before` is in place of the task: what `before` put out is its raw output, to which its own `output.as`, `export` and `then` apply; it and extensions inside have no `after`. A task that faults has none either, and one whose `if` does not hold is not extended.',
    rows: ['decided.extension-data', 'extension.exit'],
  },
  {
    question: 'What is `$task` in an extension?',
    decided:
      'The extended task in `when`, `before` and `after`, with its definition merged in (`$task.call`) and as `$task.definition`; in `after`, `$task.output` is its transformed output.',
    rows: ['decided.extension-task', 'extension.when'],
  },
  {
    question: 'What does loose mode make of a condition that fails?',
    decided:
      'An error, as strict mode does: loose mode is about free values. There every text is tried as jq, and one that does not compile or fails stays the text it is. Texts of programs (`command`, `code`) are never tried.',
    rows: ['decided.loose', 'expression.loose'],
  },
  {
    question: 'Is `limit.attempt.duration` for one attempt or for all?',
    decided:
      'For one; `limit.duration` is for all. A policy that cannot be evaluated is an error outside of its try.',
    rows: ['decided.attempt-duration', 'retry.attempt-duration', 'retry.duration'],
  },
  {
    question: 'Is an exit code that is not 0 an error?',
    decided: 'Data with `return: code` and `all`; a runtime error with stdout, stderr and none.',
    rows: ['decided.exit-code'],
  },
  {
    question: 'What does `await: false` mean for a process?',
    decided:
      'That it could be started is durable, and all that is known of it; the output is the input of the task.',
    rows: ['run.await'],
  },
  {
    question: 'What is the value of an expression with several outputs, or none?',
    decided: 'The first one; null.',
    rows: ['decided.outputs'],
  },
  {
    question: 'What of integers that a double cannot hold?',
    decided: 'They survive or are refused; they are never rounded.',
    rows: ['decided.large-integers'],
  },
  {
    question: 'Does the time that an activity waits for `metadata.limit` count?',
    decided:
      'Yes, for every timeout of the document: of the task, of what is around it, `limit.attempt.duration`. The five minutes in which an activity must answer begin when it begins.',
    rows: ['limit.timeout', 'limit'],
  },
  {
    question: 'What is the input of a run that a schedule by events begins?',
    decided:
      'The list of its events as `schedule.read` says: their data by default, as the schema has it; the examples that read `.data` need `read: envelope`.',
    rows: ['schedule.on.read', 'schedule.on'],
  },
  {
    question: 'Which events make a set of `schedule.on.all`?',
    decided:
      'One for each filter, the oldest first, that agree in the correlations they have in common. Many sets are gathered at once; what waits for its set for a day is given up.',
    rows: ['schedule.on.all'],
  },
  {
    question: 'Which events that came before it began to listen does a task hear?',
    decided:
      'Those that came since its run was asked for, are not a day old, and that its run has not heard. Ten seconds before count: clocks differ.',
    rows: ['listen.early', 'listen.once'],
  },
  {
    question: 'How many runs, and how many tasks of one run, hear an event?',
    decided:
      'Every run that listens for it, once each; in it one task, but for branches of a fork that go on side by side.',
    rows: ['listen.once', 'listen.one'],
  },
  {
    question: 'What is `.` in `correlate.expect`, and what if that is null?',
    decided:
      'The input of the task, when it begins to listen; in `from` it is the whole event, in `with` the attribute. An `expect` that is null fits nothing.',
    rows: ['listen.correlate.expect', 'listen.filter.expression'],
  },
];
