/*
 * One walk over a document that lists what the checks ask for: tasks, lists of tasks, texts that are
 * or may hold expressions, durations, URIs, and references to what stands under `use`.
 *
 * Owns: where these things stand in a document. Does not own: what is right about them (check/), nor
 * what they mean. Pointers are JSON pointers of the values themselves.
 */
import type { Json } from '../wire/json.ts';
import { pointerStep } from '../wire/json.ts';
import type {
  AuthenticationPolicy,
  Duration,
  Endpoint,
  EventConsumptionStrategy,
  EventFilter,
  ExternalResource,
  OutputModel,
  InputModel,
  RetryPolicy,
  SchemaModel,
  SubscriptionIterator,
  Task,
  TaskKind,
  TaskList,
  Timeout,
  Use,
  WorkflowDocument,
} from './document.ts';
import { CALL_PROTOCOLS, isTask, taskKind } from './document.ts';
import type { ExpressionPosition } from './expression.ts';

export interface TaskPlace {
  readonly name: string;
  readonly task: Task;
  readonly kind: TaskKind;
  readonly pointer: string;
  /** The tasks that `then` can name; undefined where there are none (branches, functions). */
  readonly siblings: readonly string[] | undefined;
}
export interface ListPlace {
  readonly pointer: string;
  readonly list: TaskList;
}
export interface TextPlace {
  readonly pointer: string;
  readonly text: string;
  readonly position: ExpressionPosition;
  /** `program`: shell and the like, in which `${` means something else. */
  readonly role: 'value' | 'filter' | 'program';
}
export interface Place<T> {
  readonly pointer: string;
  readonly value: T;
}
/** Something that must exist under `use.<kind>`. */
export interface Reference {
  readonly pointer: string;
  readonly kind: 'authentications' | 'errors' | 'retries' | 'secrets' | 'timeouts';
  readonly name: string;
}

export interface Survey {
  readonly tasks: TaskPlace[];
  readonly lists: ListPlace[];
  readonly texts: TextPlace[];
  readonly durations: Place<Duration>[];
  readonly uris: Place<string>[];
  readonly schemas: Place<SchemaModel>[];
  readonly resources: Place<ExternalResource>[];
  readonly authentications: Place<object>[];
  readonly references: Reference[];
  readonly policies: Place<RetryPolicy>[];
  readonly variables: Place<string>[];
}

export function surveyDocument(document: WorkflowDocument): Survey {
  const surveyor = new Surveyor();
  surveyor.document(document);
  return surveyor.survey;
}

class Surveyor {
  readonly survey: Survey = {
    tasks: [],
    lists: [],
    texts: [],
    durations: [],
    uris: [],
    schemas: [],
    resources: [],
    authentications: [],
    references: [],
    policies: [],
    variables: [],
  };

  document(document: WorkflowDocument): void {
    this.#transformation(document.input, 'from', '/input');
    if (document.use !== undefined) this.#use(document.use);
    this.#list(document.do, '/do');
    this.#timeout(document.timeout, '/timeout');
    this.#transformation(document.output, 'as', '/output');
    const { schedule } = document;
    this.#duration(schedule?.every, '/schedule/every');
    this.#duration(schedule?.after, '/schedule/after');
    this.#strategy(schedule?.on, '/schedule/on');
    for (const [name, text] of Object.entries(document.document.metadata?.search ?? {})) {
      this.#expression(text, `/document/metadata/search/${pointerStep(name)}`);
    }
  }

  #use(use: Use): void {
    for (const [name, policy] of Object.entries(use.authentications ?? {})) {
      this.#authentication(policy, `/use/authentications/${pointerStep(name)}`);
    }
    for (const [name, catalog] of Object.entries(use.catalogs ?? {})) {
      this.#endpoint(catalog.endpoint, `/use/catalogs/${pointerStep(name)}/endpoint`);
    }
    for (const [name, error] of Object.entries(use.errors ?? {})) {
      this.#free(error as unknown as Json, `/use/errors/${pointerStep(name)}`);
    }
    (use.extensions ?? []).forEach((item, index) => {
      for (const [name, extension] of Object.entries(item)) {
        const at = `/use/extensions/${index}/${pointerStep(name)}`;
        this.#expression(extension.when, `${at}/when`);
        this.#list(extension.before, `${at}/before`);
        this.#list(extension.after, `${at}/after`);
      }
    });
    for (const [name, task] of Object.entries(use.functions ?? {})) {
      this.#task(task, name, `/use/functions/${pointerStep(name)}`, undefined);
    }
    for (const [name, policy] of Object.entries(use.retries ?? {})) {
      this.#retry(policy, `/use/retries/${pointerStep(name)}`);
    }
    for (const [name, timeout] of Object.entries(use.timeouts ?? {})) {
      this.#timeout(timeout, `/use/timeouts/${pointerStep(name)}`);
    }
  }

  #list(list: TaskList | undefined, pointer: string, branches = false): void {
    if (list === undefined) return;
    this.survey.lists.push({ pointer, list });
    const siblings = branches ? undefined : list.flatMap((item) => Object.keys(item));
    list.forEach((item, index) => {
      for (const [name, task] of Object.entries(item)) {
        this.#task(task, name, `${pointer}/${index}/${pointerStep(name)}`, siblings);
      }
    });
  }

  #task(task: Task, name: string, pointer: string, siblings: readonly string[] | undefined): void {
    this.survey.tasks.push({ name, task, kind: taskKind(task), pointer, siblings });
    this.#expression(task.if, `${pointer}/if`);
    this.#transformation(task.input, 'from', `${pointer}/input`);
    this.#transformation(task.output, 'as', `${pointer}/output`);
    this.#transformation(task.export, 'as', `${pointer}/export`);
    this.#timeout(task.timeout, `${pointer}/timeout`);
    const { compensate } = task.metadata ?? {};
    if (compensate !== undefined) {
      this.#task(compensate, 'compensate', `${pointer}/metadata/compensate`, undefined);
    }
    this.#body(task, pointer);
  }

  #body(task: Task, pointer: string): void {
    if (isTask(task, 'call')) {
      this.#call(task.call, (task.with ?? {}) as Readonly<Record<string, Json>>, `${pointer}/with`);
    } else if (isTask(task, 'for')) {
      this.#variable(task.for.each, `${pointer}/for/each`);
      this.#variable(task.for.at, `${pointer}/for/at`);
      if (typeof task.for.in === 'string') this.#expression(task.for.in, `${pointer}/for/in`);
      else this.#free(task.for.in, `${pointer}/for/in`);
      this.#expression(task.while, `${pointer}/while`);
      this.#list(task.do, `${pointer}/do`);
    } else if (isTask(task, 'do')) this.#list(task.do, `${pointer}/do`);
    else if (isTask(task, 'emit')) {
      this.#free(task.emit.event.with as Json, `${pointer}/emit/event/with`);
    } else if (isTask(task, 'fork')) {
      this.#list(task.fork.branches, `${pointer}/fork/branches`, true);
    } else if (isTask(task, 'listen')) {
      this.#strategy(task.listen.to, `${pointer}/listen/to`);
      this.#iterator(task.foreach, `${pointer}/foreach`);
    } else if (isTask(task, 'raise')) {
      const { error } = task.raise;
      if (typeof error === 'string') this.#refer('errors', error, `${pointer}/raise/error`);
      else this.#free(error as unknown as Json, `${pointer}/raise/error`);
    } else if (isTask(task, 'set')) {
      if (typeof task.set === 'string') this.#expression(task.set, `${pointer}/set`);
      else this.#free(task.set, `${pointer}/set`);
    } else if (isTask(task, 'switch')) {
      task.switch.forEach((item, index) => {
        for (const [name, one] of Object.entries(item)) {
          this.#expression(one.when, `${pointer}/switch/${index}/${pointerStep(name)}/when`);
        }
      });
    } else if (isTask(task, 'try')) {
      const { catch: caught } = task;
      this.#list(task.try, `${pointer}/try`);
      this.#variable(caught.as, `${pointer}/catch/as`);
      this.#expression(caught.when, `${pointer}/catch/when`);
      this.#expression(caught.exceptWhen, `${pointer}/catch/exceptWhen`);
      if (typeof caught.retry === 'string') {
        this.#refer('retries', caught.retry, `${pointer}/catch/retry`);
      } else if (caught.retry !== undefined) this.#retry(caught.retry, `${pointer}/catch/retry`);
      this.#list(caught.do, `${pointer}/catch/do`);
    } else if (isTask(task, 'run')) this.#run(task.run, `${pointer}/run`);
    else if (isTask(task, 'wait')) this.#duration(task.wait, `${pointer}/wait`);
  }

  #call(call: string, given: Readonly<Record<string, Json>>, pointer: string): void {
    if (!(CALL_PROTOCOLS as readonly string[]).includes(call)) return this.#free(given, pointer);
    const { subscription, transport, service, ...rest } = given as Readonly<Record<string, never>>;
    for (const [key, value] of Object.entries(rest) as [string, Json][]) {
      const at = `${pointer}/${key}`;
      if (key === 'endpoint' || key === 'server') {
        if (call !== 'asyncapi') this.#endpoint(value as unknown as Endpoint, at);
        else this.#free(value, at);
      } else if (key === 'document' || key === 'proto' || key === 'agentCard') {
        this.#resource(value as unknown as ExternalResource, at);
      } else if (key === 'authentication') this.#authentication(value as object, at);
      else if (key === 'timeout') this.#duration(value as Duration, at);
      else this.#free(value, at);
    }
    if (service !== undefined) {
      const { authentication } = service as { authentication?: object };
      if (authentication !== undefined) {
        this.#authentication(authentication, `${pointer}/service/authentication`);
      }
    }
    if (transport !== undefined) {
      const { http, stdio } = transport as { http?: { endpoint: Endpoint }; stdio?: Json };
      if (http !== undefined) this.#endpoint(http.endpoint, `${pointer}/transport/http/endpoint`);
      if (stdio !== undefined) this.#free(stdio, `${pointer}/transport/stdio`);
    }
    if (subscription !== undefined) {
      const at = `${pointer}/subscription`;
      const { filter, consume, foreach } = subscription as {
        filter?: string;
        consume: { for?: Duration; while?: string; until?: string };
        foreach?: SubscriptionIterator;
      };
      this.#expression(filter, `${at}/filter`);
      this.#duration(consume.for, `${at}/consume/for`);
      this.#expression(consume.while, `${at}/consume/while`);
      this.#expression(consume.until, `${at}/consume/until`);
      this.#iterator(foreach, `${at}/foreach`);
    }
  }

  #run(run: object, pointer: string): void {
    for (const [kind, process] of Object.entries(run) as [
      string,
      Readonly<Record<string, Json>>,
    ][]) {
      if (typeof process !== 'object') continue;
      for (const [key, value] of Object.entries(process)) {
        const at = `${pointer}/${kind}/${key}`;
        if (key === 'source') this.#resource(value as unknown as ExternalResource, at);
        else if (key === 'lifetime') {
          this.#duration((value as { after?: Duration }).after, `${at}/after`);
        } else if (key === 'command' || key === 'code') this.#free(value, at, 'program');
        else this.#free(value, at);
      }
    }
  }

  #strategy(strategy: EventConsumptionStrategy | undefined, pointer: string): void {
    if (strategy === undefined) return;
    const filter = (each: EventFilter, at: string): void => {
      this.#free(each.with as Json, `${at}/with`, 'filter');
      for (const [name, correlation] of Object.entries(each.correlate ?? {})) {
        this.#expression(correlation.from, `${at}/correlate/${pointerStep(name)}/from`);
        this.#free(correlation.expect, `${at}/correlate/${pointerStep(name)}/expect`, 'filter');
      }
    };
    strategy.all?.forEach((each, index) => filter(each, `${pointer}/all/${index}`));
    strategy.any?.forEach((each, index) => filter(each, `${pointer}/any/${index}`));
    if (strategy.one !== undefined) filter(strategy.one, `${pointer}/one`);
    if (typeof strategy.until === 'string') this.#expression(strategy.until, `${pointer}/until`);
    else this.#strategy(strategy.until, `${pointer}/until`);
  }

  #iterator(iterator: SubscriptionIterator | undefined, pointer: string): void {
    if (iterator === undefined) return;
    this.#variable(iterator.item, `${pointer}/item`);
    this.#variable(iterator.at, `${pointer}/at`);
    this.#list(iterator.do, `${pointer}/do`);
    this.#transformation(iterator.output, 'as', `${pointer}/output`);
    this.#transformation(iterator.export, 'as', `${pointer}/export`);
  }

  #retry(policy: RetryPolicy, pointer: string): void {
    this.survey.policies.push({ pointer, value: policy });
    this.#expression(policy.when, `${pointer}/when`);
    this.#expression(policy.exceptWhen, `${pointer}/exceptWhen`);
    this.#duration(policy.delay, `${pointer}/delay`);
    this.#duration(policy.limit?.attempt?.duration, `${pointer}/limit/attempt/duration`);
    this.#duration(policy.limit?.duration, `${pointer}/limit/duration`);
    this.#duration(policy.jitter?.from, `${pointer}/jitter/from`);
    this.#duration(policy.jitter?.to, `${pointer}/jitter/to`);
  }

  #timeout(timeout: Timeout | string | undefined, pointer: string): void {
    if (typeof timeout === 'string') this.#refer('timeouts', timeout, pointer);
    else this.#duration(timeout?.after, `${pointer}/after`);
  }

  #transformation(
    model: (InputModel & OutputModel) | undefined,
    key: 'from' | 'as',
    at: string,
  ): void {
    if (model?.schema !== undefined) {
      this.survey.schemas.push({ pointer: `${at}/schema`, value: model.schema });
    }
    if (model?.schema?.resource !== undefined) {
      this.#resource(model.schema.resource, `${at}/schema/resource`);
    }
    const value = model?.[key];
    if (typeof value === 'string') this.#expression(value, `${at}/${key}`);
    else this.#free(value, `${at}/${key}`);
  }

  #resource(value: ExternalResource, pointer: string): void {
    this.survey.resources.push({ pointer, value });
    this.#endpoint(value.endpoint, `${pointer}/endpoint`);
  }

  #endpoint(endpoint: Endpoint, pointer: string): void {
    const at = typeof endpoint === 'string' ? pointer : `${pointer}/uri`;
    const value = typeof endpoint === 'string' ? endpoint : endpoint.uri;
    this.survey.uris.push({ pointer: at, value });
    this.#free(value, at);
    if (typeof endpoint === 'object' && endpoint.authentication !== undefined) {
      this.#authentication(endpoint.authentication, `${pointer}/authentication`);
    }
  }

  #authentication(policy: object, pointer: string): void {
    this.survey.authentications.push({ pointer, value: policy });
    if ('use' in policy && typeof policy.use === 'string') {
      return this.#refer('authentications', policy.use, `${pointer}/use`);
    }
    for (const [scheme, fields] of Object.entries(policy as AuthenticationPolicy)) {
      if (typeof fields !== 'object') continue;
      if ('use' in fields) this.#refer('secrets', fields.use, `${pointer}/${scheme}/use`);
      else this.#free(fields as unknown as Json, `${pointer}/${scheme}`);
    }
  }

  #refer(kind: Reference['kind'], name: string, pointer: string): void {
    this.survey.references.push({ kind, name, pointer });
  }

  #variable(value: string | undefined, pointer: string): void {
    if (value !== undefined) this.survey.variables.push({ pointer, value });
  }

  #duration(value: Duration | undefined, pointer: string): void {
    if (value === undefined) return;
    this.survey.durations.push({ pointer, value });
    if (typeof value === 'string') this.#free(value, pointer);
  }

  #expression(text: string | undefined, pointer: string): void {
    if (text === undefined) return;
    this.survey.texts.push({ pointer, text, position: 'expression', role: 'value' });
  }

  #free(value: Json | undefined, pointer: string, role: TextPlace['role'] = 'value'): void {
    if (typeof value === 'string') {
      this.survey.texts.push({ pointer, text: value, position: 'free', role });
    } else if (Array.isArray(value)) {
      value.forEach((item: Json, index) => this.#free(item, `${pointer}/${index}`, role));
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, member] of Object.entries(value)) {
        this.#free(member, `${pointer}/${pointerStep(key)}`, role);
      }
    }
  }
}
