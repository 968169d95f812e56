/*
 * The host functions of order.yaml: each asks the ledger service, whose port is in the environment,
 * with the effect key of its activity.
 */
import type { HostContext } from '../../src/activities/function.ts';

function asking(name: string): (request: unknown, context: HostContext) => Promise<unknown> {
  return async (request, { attempt, key, run, signal }) => {
    const response = await fetch(`http://127.0.0.1:${process.env['WAYBILL_KILL_PORT']}/${name}`, {
      method: 'POST',
      body: JSON.stringify(request),
      headers: { 'idempotency-key': key, 'x-attempt': String(attempt), 'x-run': run },
      signal,
    });
    if (response.ok) return response.json();
    const { status } = response;
    // oxlint-disable-next-line no-throw-literal, typescript/only-throw-error -- what a workflow can catch
    throw { type: 'communication', status, title: `${name} answered ${status}` };
  };
}

export const reserve = asking('reserve');
export const charge = asking('charge');
export const pick = asking('pick');
export const pack = asking('pack');
export const print = asking('print');
export const insure = asking('insure');
export const notify = asking('notify');
export const ship = asking('ship');
