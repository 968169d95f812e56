/* What a .cpuprofile says, in a few lines: the functions in which most time was spent, alone and with what they call. */

interface ProfileNode {
  readonly id: number;
  readonly callFrame: {
    readonly functionName: string;
    readonly url: string;
    readonly lineNumber: number;
  };
  readonly children?: readonly number[];
}

interface Profile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

export function hottest(text: string, count: number): string {
  const { nodes, samples, timeDeltas } = JSON.parse(text) as Profile;
  const own = new Map<number, number>();
  let total = 0;
  for (const [i, id] of samples.entries()) {
    const spent = timeDeltas[i] ?? 0;
    total += spent;
    own.set(id, (own.get(id) ?? 0) + spent);
  }
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const alone = new Map<string, number>();
  const withCalled = new Map<string, number>();
  const visit = (node: ProfileNode, around: ReadonlySet<string>): number => {
    const name = nameOf(node);
    const inside = around.has(name) ? around : new Set([...around, name]);
    const self = own.get(node.id) ?? 0;
    let sum = self;
    for (const child of node.children ?? []) sum += visit(byId.get(child)!, inside);
    alone.set(name, (alone.get(name) ?? 0) + self);
    if (!around.has(name)) withCalled.set(name, (withCalled.get(name) ?? 0) + sum);
    return sum;
  };
  const [root] = nodes;
  if (root !== undefined) visit(root, new Set());
  const lines = (times: ReadonlyMap<string, number>): string[] =>
    [...times]
      .filter(([name]) => !/^\((?:root|idle|program|garbage)/.test(name))
      .toSorted((a, b) => b[1] - a[1])
      .slice(0, count)
      .map(([name, time]) => `  ${((time / total) * 100).toFixed(1).padStart(5)} %  ${name}`);
  const special = ['(garbage collector)', '(idle)', '(program)']
    .map(
      (name) =>
        `${name.slice(1, -1)} ${(((alone.get(`${name} :0`) ?? 0) / total) * 100).toFixed(1)} %`,
    )
    .join(', ');
  return [
    `${(total / 1e6).toFixed(1)} s: ${special}`,
    '',
    'alone',
    ...lines(alone),
    '',
    'with what it calls',
    ...lines(withCalled),
  ].join('\n');
}

function nameOf({ callFrame: { functionName, lineNumber, url } }: ProfileNode): string {
  const place = url.replace(/^.*\/(src|bench|node_modules)\//, '$1/');
  return `${functionName === '' ? '(anonymous)' : functionName} ${place}:${lineNumber + 1}`;
}
