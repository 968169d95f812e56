/*
 * What generated workflows have elsewhere: services behind http and openapi calls, functions and schemas
 * in files. The files are part of the scenario, so that its text is complete.
 *
 * A service is told what it is asked as a scenario is told: { method, endpoint, body, ... } or
 * { operation, parameters, ... }; secrets are null in it.
 */
import type { Json } from '../../wire/json.ts';
import type { Around, JsonObject, Words } from './words.ts';

const HOSTS = ['alpha', 'beta', 'omega'] as const;
const LIBRARY_URI = 'https://library.example/openapi.json';
const LIBRARY = {
  openapi: '3.0.3',
  servers: [{ url: '/v1' }],
  paths: {
    '/books/{n}': {
      parameters: [{ name: 'n', in: 'path', required: true }],
      get: {
        operationId: 'look',
        parameters: [
          { name: 's', in: 'query' },
          { name: 'l', in: 'query', explode: false },
        ],
      },
      put: { operationId: 'shelve', requestBody: { content: { 'application/json': {} } } },
    },
  },
};
/** The catalog of functions in files, and where a function of it is. */
const CATALOG = './catalog';
const functionFile = (name: string): string => `catalog/functions/${name}/1.0.0/function.yaml`;

export class Elsewhere {
  private readonly words: Words;
  /** path -> text: what the workflow refers to */
  readonly files: JsonObject = {};
  /** parts of `use` that the workflow needs for it */
  readonly use: JsonObject = {};
  /** names of the services behind http and openapi calls */
  readonly services = new Set<string>();

  constructor(words: Words) {
    this.words = words;
  }

  /** Puts a task into the catalog; gives the name by which it is called. */
  addFunction(name: string, task: Json): string {
    this.files[functionFile(name)] = JSON.stringify(task);
    this.use['catalogs'] = { local: { endpoint: CATALOG } };
    return `${name}:1.0.0@local`;
  }

  /** A schema in a file. */
  schema(schema: Json): JsonObject {
    const endpoint = `https://library.example/schema-${Object.keys(this.files).length}.json`;
    this.files[endpoint] = JSON.stringify(schema);
    return { format: 'json', resource: { endpoint } };
  }

  call(around: Around): JsonObject {
    return this.words.chance(35) ? this.openapi(around) : this.http(around);
  }

  private http(around: Around): JsonObject {
    const { words } = this;
    const host = `https://${words.pick(HOSTS)}.example/v1`;
    const method = words.pick(['get', 'post', 'put', 'POST']);
    const uri = words.pick([
      `${host}/things`,
      `${host}/things/{n}`,
      `${host}/things/{n}?s={s}`,
      `${host}/{s}/{none}`,
      words.chance(30) ? `${host}/{l}` : `${host}/items/{n}/`,
      `\${ "${host}/" + (${words.number(around)} | tostring) }`,
    ]);
    this.services.add(`${method.toUpperCase()} ${uri}`);
    const asked: JsonObject = { method, endpoint: this.endpoint(uri, around) };
    if (method !== 'get') asked['body'] = this.values(around);
    if (words.chance(40)) asked['query'] = { n: this.value(words.number(around)), fixed: true };
    if (words.chance(20)) {
      asked['headers'] = words.chance(30)
        ? this.value('{ "x-n": (.n | tostring) }')
        : {
            'x-s': this.value(words.text(around)),
            ...(words.chance(30) ? { key: this.secret(around) } : {}),
          };
    }
    return this.answered({ call: 'http', with: asked });
  }

  private openapi(around: Around): JsonObject {
    const { words } = this;
    this.files[LIBRARY_URI] = JSON.stringify(LIBRARY);
    const operationId = words.pick(['look', 'shelve']);
    this.services.add(
      `${operationId === 'look' ? 'GET' : 'PUT'} https://library.example/v1/books/{n}`,
    );
    const document = { endpoint: words.chance(30) ? { uri: LIBRARY_URI } : LIBRARY_URI };
    const asked: JsonObject = { document, operationId, parameters: this.values(around) };
    if (words.chance(15)) asked['authentication'] = this.authentication(around);
    return this.answered({ call: 'openapi', with: asked });
  }

  private endpoint(uri: string, around: Around): Json {
    if (!this.words.chance(25)) return uri;
    return this.words.chance(30) ? { uri } : { uri, authentication: this.authentication(around) };
  }

  private authentication(around: Around): JsonObject {
    const policy = { basic: { username: 'ada', password: '${ "n\\(.n)" }' } };
    const { words } = this;
    if (words.chance(30)) {
      this.use['authentications'] = { own: policy };
      return { use: 'own' };
    }
    return words.pick<() => JsonObject>([
      () => policy,
      () => ({ bearer: { token: this.secret(around) } }),
      () => {
        this.use['secrets'] = ['key'];
        return { basic: { use: 'key' } };
      },
    ])();
  }

  /** A leaf that waits for the call; what else it reads decides whether a retry asks for the same. */
  private secret(around: Around): string {
    this.use['secrets'] = ['key'];
    return this.words.pick([
      '${ $secrets.key }',
      `\${ "\\(${this.words.number(around)})-\\($secrets.key)" }`,
      '${ [$context.x, $secrets["key"]] | tojson }',
    ]);
  }

  private values(around: Around): JsonObject {
    const { words } = this;
    return {
      n: words.chance(25) ? words.int(0, 12) : this.value(words.number(around)),
      s: words.chance(30) ? 'fixed' : this.value(words.text(around)),
      ...(words.chance(40) ? { l: this.value(words.numbers(around)) } : {}),
    };
  }

  private value(expression: string): string {
    return `\${ ${expression} }`;
  }

  /** Mostly the content; what else there is keeps the shape of the data, or does not. */
  private answered(task: JsonObject): JsonObject {
    const asked = task['with'] as JsonObject;
    const { words } = this;
    if (words.chance(12)) {
      asked['output'] = 'response';
      if (words.chance(80)) task['output'] = { as: '.content + { s: .request.method }' };
    } else if (words.chance(6)) {
      asked['output'] = 'raw';
      if (words.chance(80)) task['output'] = { as: '{ n: length, s: .[0:5], l: [] }' };
    } else if (words.chance(15)) asked['output'] = 'content';
    if (words.chance(15)) asked['redirect'] = words.chance(50);
    return task;
  }
}
