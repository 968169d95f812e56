/*
 * Problems of workflows and ends of strands: State and records share them.
 *
 * A WorkflowError travels as ErrorDetail, for every reader. It is user data, so it may say more than
 * the five fields of ErrorDetail can: then its JSON text travels beside it, and is what counts.
 */
import { waybill } from './generated/messages.js';
import type { Json } from './json.ts';
import { jsonText, jsonValue } from './json-text.ts';
import { optional, present, uint32, type Writable } from './fields.ts';
import type { Compensation, StrandEnd, WorkflowError } from './state.ts';
import { WireError } from './wire-error.ts';

type ErrorMessage = waybill.v1.ErrorDetail.$Properties;
type CompensationMessage = waybill.v1.Compensation.$Properties;
type EndMessage = waybill.v1.End.$Properties;

const ERROR_FIELDS = ['type', 'status', 'title', 'detail', 'instance'];

export function errorToMessage(error: WorkflowError): ErrorMessage {
  return {
    type: error.type.toWellFormed(),
    status: Number.isFinite(error.status) ? Math.trunc(error.status) | 0 : 0,
    title: error.title.toWellFormed(),
    detail: error.detail?.toWellFormed() ?? null,
    instance: error.instance?.toWellFormed() ?? null,
  };
}

/** The whole error as JSON text when ErrorDetail cannot hold it, else null. */
export function errorToJson(error: WorkflowError, what: string): string | null {
  const { type, status, title, detail, instance } = error;
  const fits =
    (status | 0) === status &&
    !Object.is(status, -0) &&
    [type, title, detail, instance].every((text) => text === undefined || text.isWellFormed()) &&
    Object.keys(error).every((key) => ERROR_FIELDS.includes(key));
  return fits ? null : jsonText(error as unknown as Json, what);
}

export function errorFromMessage(
  message: ErrorMessage,
  json: string | null | undefined,
  what: string,
): WorkflowError {
  if (present(json)) return errorFromJson(jsonValue(json, what), what);
  const error: Writable<WorkflowError> = {
    type: message.type ?? '',
    status: message.status ?? 0,
    title: message.title ?? '',
  };
  if (present(message.detail)) error.detail = message.detail;
  if (present(message.instance)) error.instance = message.instance;
  return error;
}

/** An error as JSON text, where nothing but this build and people read it. */
export function errorText(error: WorkflowError): string {
  return jsonText(error as unknown as Json, 'an error');
}

export function errorOf(text: string, what: string): WorkflowError {
  return errorFromJson(jsonValue(text, what), what);
}

function errorFromJson(value: Json | undefined, what: string): WorkflowError {
  const error = object(value, what);
  expect(typeof error['type'] === 'string', `${what}.type is not a text`);
  expect(typeof error['status'] === 'number', `${what}.status is not a number`);
  expect(typeof error['title'] === 'string', `${what}.title is not a text`);
  for (const name of ['detail', 'instance']) {
    const member = error[name];
    expect(member === undefined || typeof member === 'string', `${what}.${name} is not a text`);
  }
  return error as unknown as WorkflowError;
}

export function compensationToMessage(entry: Compensation): CompensationMessage {
  return {
    pointer: entry.pointer,
    activation: uint32(entry.activation, 'activation of a compensation'),
    inputJson: optional(entry.input, 'input of a compensation', jsonText),
    outputJson: optional(entry.output, 'output of a compensation', jsonText),
    certain: entry.certain,
    strand: entry.strand,
    outcome: entry.outcome ?? null,
    errorJson: entry.error === undefined ? null : errorText(entry.error),
  };
}

export function compensationFromMessage(message: CompensationMessage): Compensation {
  const { inputJson, outputJson } = message;
  const entry: Writable<Compensation> = {
    pointer: message.pointer ?? '',
    activation: message.activation ?? 0,
    certain: message.certain ?? false,
    strand: message.strand ?? '',
  };
  if (present(inputJson)) entry.input = jsonValue(inputJson, 'input of a compensation');
  if (present(outputJson)) entry.output = jsonValue(outputJson, 'output of a compensation');
  const { outcome, errorJson } = message;
  if (present(outcome)) {
    if (outcome !== 'undone' && outcome !== 'deferred') {
      throw new WireError(`a compensation cannot be ${JSON.stringify(outcome)}`);
    }
    entry.outcome = outcome;
  }
  if (present(errorJson)) entry.error = errorOf(errorJson, 'error of a compensation');
  return entry;
}

export function endToMessage(end: StrandEnd): EndMessage {
  return {
    outputJson: optional(end.output, 'output', jsonText),
    error: end.error === undefined ? null : errorToMessage(end.error),
    errorJson: end.error === undefined ? null : errorToJson(end.error, 'error'),
    compensations: end.compensations?.map(compensationToMessage) ?? null,
    emptyCompensations: end.compensations?.length === 0,
    endsWorkflow: end.endsWorkflow ?? null,
    cancelled: end.cancelled ?? null,
  };
}

export function endFromMessage(message: EndMessage): StrandEnd {
  const { outputJson, error, compensations, endsWorkflow, cancelled } = message;
  const end: Writable<StrandEnd> = {};
  if (present(outputJson)) end.output = jsonValue(outputJson, 'output');
  if (present(error)) end.error = errorFromMessage(error, message.errorJson, 'error');
  if (compensations?.length || message.emptyCompensations === true) {
    end.compensations = (compensations ?? []).map(compensationFromMessage);
  }
  if (present(endsWorkflow)) end.endsWorkflow = endsWorkflow;
  if (present(cancelled)) end.cancelled = cancelled;
  return end;
}

/** Ends that a fork holds in itself travel as JSON text. */
export function endFromJson(value: Json, what: string): StrandEnd {
  const end = object(value, what);
  if (end['error'] !== undefined) errorFromJson(end['error'], `${what}.error`);
  const entries = end['compensations'] ?? [];
  expect(Array.isArray(entries), `${what}.compensations is not a list`);
  for (const entry of entries as readonly Json[]) {
    const member = object(entry, `${what}.compensations`);
    expect(
      typeof member['pointer'] === 'string' &&
        typeof member['strand'] === 'string' &&
        typeof member['certain'] === 'boolean' &&
        Number.isInteger(member['activation']),
      `${what}.compensations has an entry without pointer, strand, certain and activation`,
    );
  }
  for (const name of ['endsWorkflow', 'cancelled']) {
    const flag = end[name];
    expect(flag === undefined || typeof flag === 'boolean', `${what}.${name} is not a boolean`);
  }
  return end as unknown as StrandEnd;
}

function object(value: Json | undefined, what: string): { readonly [key: string]: Json } {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as { readonly [key: string]: Json };
  }
  throw new WireError(`${what} is not an object`);
}

function expect(condition: boolean, otherwise: string): void {
  if (!condition) throw new WireError(otherwise);
}
