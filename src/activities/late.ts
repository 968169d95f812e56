/*
 * Fills in what waits for the call (dsl/plan/late.ts) with secrets from the port, and remembers which
 * ones it has used, so that they can be masked in the answer.
 */
import { fillIn, SecretNeeded, SecretUndeclared } from '../dsl/plan/index.ts';
import type { Secrets } from '../ports/index.ts';
import type { Activity, Json } from '../wire/index.ts';
import { refuse } from './errors.ts';
import type { Mask } from './mask.ts';

/** The arguments of an activity, complete but for what reads $authorization, if that is not given. */
export async function filled(
  { arguments: args, late }: Activity,
  secrets: Secrets,
  mask: Mask,
  authorization?: Json,
): Promise<Json> {
  if (late === undefined) return args;
  const known = new Map<string, Json>();
  // Each turn fetches what the one before has asked for.
  for (;;) {
    try {
      const given = authorization === undefined ? {} : { authorization };
      return fillIn(args, late, { secrets: known, ...given });
    } catch (error) {
      if (error instanceof SecretUndeclared) throw refuse('authorization', error.message);
      if (!(error instanceof SecretNeeded)) throw error;
      for (const name of error.names) {
        const value = await fetched(secrets, name);
        known.set(name, value);
        mask.add(value);
      }
    }
  }
}

async function fetched(secrets: Secrets, name: string): Promise<Json> {
  let value: Json | undefined;
  try {
    value = await secrets.get(name);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw refuse('authorization', `the secret "${name}" cannot be had: ${why}`);
  }
  if (value !== undefined) return value;
  const variable = `WAYBILL_SECRET_${name.replaceAll(/[^A-Za-z0-9]/g, '_').toUpperCase()}`;
  const remedy = `set ${variable}, or name a file or directory with --secrets`;
  throw refuse('authorization', `there is no secret "${name}" here: ${remedy}`);
}
