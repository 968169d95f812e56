/*
 * Rows that nothing proves yet: each with a document that shows how it is refused, or, where nothing is
 * refused, with what happens instead. Whoever makes a feature run takes its rows out.
 */
import type { RowId } from './rows.ts';

export interface NotYet {
  /** a document (its first lines may be left out) that is refused */
  readonly document?: string;
  /** what happens instead */
  readonly instead?: string;
}

const refused = (document: string): NotYet => ({ document });
const task = (text: string): NotYet => refused(`do: [{a: {${text}}}]`);
const oauth2 = (grant: string): NotYet =>
  refused(
    `use: {authentications: {a: {oauth2: {authority: 'http://localhost', grant: ${grant}}}}}\ndo: [{a: {set: {x: 1}}}]`,
  );
const schedule = (text: string): NotYet => refused(`schedule: {${text}}\ndo: [{a: {set: {x: 1}}}]`);
const noEvents = { instead: 'no such event is published' };

export const NOT_YET: Partial<Readonly<Record<RowId, NotYet>>> = {
  'expression.language': refused('evaluate: {language: js}\ndo: [{a: {set: {x: 1}}}]'),
  'call.grpc': task(
    "call: grpc, with: {proto: {endpoint: 'http://localhost/p.proto'}, service: {name: s, host: localhost}, method: m}",
  ),
  'call.asyncapi': task(
    "call: asyncapi, with: {document: {endpoint: 'http://localhost/a.json'}, operation: o, message: {payload: {a: b}}}",
  ),
  'call.a2a': task("call: a2a, with: {method: tasks/get, server: 'http://localhost/'}"),
  'call.mcp': task(
    "call: mcp, with: {method: tools/list, transport: {http: {endpoint: 'http://localhost/'}}}",
  ),
  'run.container': task('run: {container: {image: alpine}}'),
  'schedule.on.until': schedule("on: {any: [{with: {type: t}}], until: '. != null'}"),
  'lifecycle.workflow.status': noEvents,
  'auth.oauth2.authorization-code': oauth2('authorization_code'),
};
