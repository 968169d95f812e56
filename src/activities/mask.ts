/*
 * Mask: takes the secrets that a call has used out of what it answers. A service may send back what it
 * was sent, an error may quote it, and answers are stored.
 *
 * M1. Whatever a secret is made of counts: every text and number in it, as it stands and in the forms
 *     that requests give it (percent-encoded, base64, as JSON). What is shorter than 4 characters would
 *     be found in everything, and is no secret.
 * M2. Where one is found in an answer, three asterisks stand in its place; what holds none is not touched.
 */
import { setOwn } from '../dsl/plan/expression.ts';
import { percentEncoded } from '../dsl/uri-template.ts';
import type { ActivityAnswer } from '../ports/index.ts';
import type { Json, WorkflowError } from '../wire/index.ts';

const STARS = '***';
const LENGTH_MIN = 4;

export class Mask {
  /** longest first: one secret may be part of another */
  private forms: readonly string[] = [];

  get empty(): boolean {
    return this.forms.length === 0;
  }

  /** From now on these are secrets as well. */
  add(...values: readonly Json[]): void {
    const found = new Set(this.forms);
    const visit = (value: Json): void => {
      if (typeof value === 'string' || typeof value === 'number') {
        for (const form of formsOf(String(value))) found.add(form);
      } else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit);
    };
    values.forEach(visit);
    this.forms = [...found].toSorted((a, b) => b.length - a.length);
  }

  touches(text: string): boolean {
    return this.forms.some((form) => text.includes(form));
  }

  text(text: string): string {
    let masked = text;
    for (const form of this.forms) masked = masked.replaceAll(form, STARS);
    return masked;
  }

  bytes(bytes: Buffer): Buffer {
    if (this.empty) return bytes;
    // one character per byte and back: what is no text survives
    const text = bytes.toString('latin1');
    let masked = text;
    for (const form of this.forms) {
      masked = masked.replaceAll(Buffer.from(form).toString('latin1'), STARS);
    }
    return masked === text ? bytes : Buffer.from(masked, 'latin1');
  }

  json(value: Json): Json {
    if (this.empty) return value;
    switch (typeof value) {
      case 'string':
        return this.text(value);
      case 'number':
        return this.forms.includes(String(value)) ? STARS : value;
      case 'object': {
        if (value === null) return null;
        if (Array.isArray(value)) return (value as readonly Json[]).map((item) => this.json(item));
        const masked: Record<string, Json> = {};
        for (const [key, item] of Object.entries(value)) {
          setOwn(masked, this.text(key), this.json(item));
        }
        return masked;
      }
      default:
        return value;
    }
  }

  answer(answer: ActivityAnswer): ActivityAnswer {
    if (this.empty) return answer;
    if ('result' in answer) return { result: this.json(answer.result) };
    return { error: this.error(answer.error) };
  }

  private error(error: WorkflowError): WorkflowError {
    const { type, title, detail, instance } = error;
    return {
      ...error,
      type: this.text(type),
      title: this.text(title),
      ...(detail === undefined ? {} : { detail: this.text(detail) }),
      ...(instance === undefined ? {} : { instance: this.text(instance) }),
    };
  }
}

/** M1 */
function formsOf(text: string): readonly string[] {
  if (text.length < LENGTH_MIN) return [];
  const form = new URLSearchParams({ v: text }).toString().slice(2);
  const base64 = Buffer.from(text).toString('base64');
  return [
    text,
    percentEncoded(text),
    encodeURIComponent(text.toWellFormed()),
    form,
    JSON.stringify(text).slice(1, -1),
    base64,
    base64.replaceAll('=', ''),
    Buffer.from(text).toString('base64url'),
  ].filter((one) => one.length >= LENGTH_MIN);
}
