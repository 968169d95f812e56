/* Parts that any task of a generated workflow may have: data flow, schemas, errors, retry policies. */
import type { Json } from '../../wire/json.ts';
import type { Elsewhere } from './elsewhere.ts';
import {
  type Around,
  CUSTOM_ERROR,
  ERRORS,
  type JsonObject,
  OLD_ERRORS,
  type Words,
} from './words.ts';

/** Keys of $context that count jumps back begin so. */
const KEEP = 'with_entries(select(.key | startswith("turns")))';

export class Parts {
  private readonly words: Words;
  private readonly elsewhere: Elsewhere;
  /** there are timeouts */
  private readonly hurries: boolean;

  constructor(words: Words, elsewhere: Elsewhere, hurries: boolean) {
    this.words = words;
    this.elsewhere = elsewhere;
    this.hurries = hurries;
  }

  policy(around: Around): JsonObject {
    const as = around.errors.at(-1) ?? 'error';
    const long = this.words.taste.long && this.words.chance(8);
    const policy: JsonObject = {
      delay: long ? { seconds: this.words.int(20, 40) } : this.words.short(),
      backoff: { [this.words.pick(['constant', 'linear', 'exponential'])]: {} },
    };
    const limit: JsonObject = {};
    const count = this.words.pick([0, 1, 2, 2, 3, 4]);
    if (count < 4) limit['attempt'] = { count };
    else limit['duration'] = { seconds: this.words.int(1, 9) };
    if (count < 4 && this.words.chance(15)) limit['duration'] = { seconds: this.words.int(1, 20) };
    if (this.hurries && this.words.chance(22)) {
      const attempt = (limit['attempt'] ?? {}) as JsonObject;
      const milliseconds = this.words.int(50, 5_000);
      const duration: Json = this.words.chance(15) ? '${ "PT\\(.n % 5 + 1)S" }' : { milliseconds };
      limit['attempt'] = { ...attempt, duration };
    }
    policy['limit'] = limit;
    if (count === 4) policy['delay'] = { milliseconds: this.words.int(400, 2_000) };
    if (this.words.chance(25)) {
      const from = this.words.int(0, 300);
      const to = this.words.taste.exact ? from : from + this.words.int(0, 400);
      policy['jitter'] = { from: { milliseconds: from }, to: { milliseconds: to } };
    }
    if (this.words.chance(15)) policy['when'] = this.words.errorIs(as);
    if (this.words.chance(12)) policy['exceptWhen'] = this.words.errorIs(as);
    return policy;
  }

  input(around: Around): JsonObject {
    const schema = this.words.chance(25) ? { schema: this.schema() } : {};
    return {
      ...schema,
      from: this.words.pick<Json>([
        '.',
        '. + { n: (.n + 1) }',
        { n: `\${ ${this.words.number(around)} }`, s: 'from', l: '${ .l }' },
        '${ { n, s, l: (.l[0:2]) } }',
      ]),
    };
  }

  output(around: Around): JsonObject {
    const schema = this.words.chance(25) ? { schema: this.schema() } : {};
    return {
      ...schema,
      as: this.words.pick<Json>([
        '. + { s: "shaped" }',
        '{ n: ($input.n // 0), s: "\\(.s? // "none")"[0:9], l: ($output.l? // []) }',
        { n: `\${ ${this.words.number(around)} }`, s: '${ $task.name }', l: [3] },
        '{ n: .n, s: ($task.reference | split("/") | last), l: .l }',
      ]),
    };
  }

  export(around: Around): JsonObject {
    const schema = this.words.chance(12) ? { schema: { document: { type: 'object' } } } : {};
    const kept = `(($context // {}) | ${KEEP})`;
    return {
      ...schema,
      as: this.words.pick([
        `$context + { x: ${this.words.number(around)} }`,
        `$context + { seen: ((($context.seen // []) + [${this.words.number(around)}])[-6:]) }`,
        `${kept} + { x: ${this.words.number(around)}, only: $task.name }`,
        `${kept} + { in: $input, out: $output, raw: $task.output }`,
      ]),
    };
  }

  schema(): JsonObject {
    const limit = this.words.pick<Json>([{}, { maximum: 60 }, { minimum: 2 }]);
    const properties = { n: { type: 'number', ...(limit as JsonObject) } };
    const document = { type: 'object', required: ['n'], properties };
    return this.words.chance(15) ? this.elsewhere.schema(document) : { format: 'json', document };
  }

  error(around: Around): JsonObject {
    const error: JsonObject = {
      type: this.words.pick([CUSTOM_ERROR, `${ERRORS}communication`, `${OLD_ERRORS}runtime`]),
      status: this.words.pick([400, 418, 503]),
    };
    if (this.words.chance(60))
      error['title'] = this.words.pick(['Odd', `\${ ${this.words.text(around)} }`]);
    if (this.words.chance(30)) error['detail'] = '${ "n is \\(.n)" }';
    if (this.words.chance(10)) error['instance'] = '/elsewhere';
    return error;
  }

  /** Which tasks an extension is for. */
  extension(): JsonObject {
    const { words } = this;
    const kinds = ['set', 'set', 'call', 'call', 'wait', 'for', 'composite', 'switch', 'try'];
    kinds.push('run', 'emit', 'raise', ...(words.taste.events ? ['listen'] : []));
    const extension: JsonObject = { extend: words.chance(8) ? 'all' : words.pick(kinds) };
    if (words.chance(60)) {
      extension['when'] = words.pick([
        `$task.name < "t${words.int(1, 30)}"`,
        '($task.call // $task.definition.wait.seconds) != null',
        '$task.with.n? == null',
        '.n? % 3 == 1',
        '$context.x == null',
      ]);
    }
    return extension;
  }

  /** A script or a shell command; simulated ones answer like any other service. */
  process(around: Around): JsonObject {
    const { words } = this;
    const given: JsonObject = {
      arguments: ['fixed', `\${ ${words.number(around)} }`],
      ...(words.chance(30) ? { stdin: `\${ ${words.text(around)} }` } : {}),
      ...(words.chance(30) ? { environment: { N: `\${ ${words.number(around)} }` } } : {}),
    };
    const program: JsonObject = words.chance(50)
      ? { shell: { command: words.pick(['tool "$1"', '${ "tool \\(.n)" }', 'env']), ...given } }
      : { script: { language: words.pick(['js', 'javascript', 'python']), code: '1', ...given } };
    return {
      ...program,
      ...(words.chance(20) ? { await: false } : {}),
      ...(words.chance(40) ? { return: words.pick(['stdout', 'code', 'all', 'none']) } : {}),
    };
  }
}
