/* Where the commands look for what a workflow file refers to outside itself. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Secrets } from '../ports/index.ts';
import type { PinOptions } from '../presets/pin.ts';

export interface ResourceOptions {
  /** --catalog: URL or directory */
  readonly catalog?: string | undefined;
  readonly secrets?: Secrets;
}

/** For a workflow in `file`; one that comes from the standard input has no place. */
export function pinOptions(file: string, { catalog, secrets }: ResourceOptions): PinOptions {
  return {
    ...(file === '-' || file === 'stdin' ? {} : { base: pathToFileURL(resolve(file)).href }),
    ...(catalog === undefined ? {} : { catalog: catalogAt(catalog) }),
    ...(secrets === undefined ? {} : { secrets }),
  };
}

function catalogAt(where: string): string {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(where) ? where : pathToFileURL(resolve(where)).href;
}
