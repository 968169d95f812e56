/*
 * Which extensions may apply to a task, by its kind. Whether they do is decided when it is reached.
 */
import { pointerStep } from '../../wire/json.ts';
import { type Extension, type Task, taskKind, type Use } from '../document.ts';

export interface ExtensionPlace {
  readonly name: string;
  readonly extension: Extension;
  /** JSON pointer in the document */
  readonly place: string;
}

/** In order of declaration. */
export function extensionsOf(task: Task, use: Use | undefined): ExtensionPlace[] {
  const kind = taskKind(task);
  return (use?.extensions ?? []).flatMap((item, index) => {
    const [name, extension] = Object.entries(item)[0]!;
    const { extend } = extension;
    // do and fork have no name of their own there: they are what `composite` is about
    const meant = extend === 'composite' ? kind === 'do' || kind === 'fork' : extend === kind;
    if (extend !== 'all' && !meant) return [];
    return [{ name, extension, place: `/use/extensions/${index}/${pointerStep(name)}` }];
  });
}
