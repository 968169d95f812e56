/*
 * Which member of the group owns which partition. Computed by one of them, from what all have said.
 *
 * S1. Every partition is given to one member; shares differ by one at most.
 * S2. Sticky: a member keeps what it owns as far as its share allows, so a takeover happens only where
 *     it must. Of two that say they own the same, the one of the newer generation is right.
 * S3. What a member declines goes to the others, who have most room; what all decline to nobody.
 * S4. By partition number, never by key or load: the same words give the same assignment.
 */
export interface MemberSays {
  readonly id: string;
  /** what it owned, and as of which generation of the group */
  readonly owned: readonly number[];
  readonly generation: number;
  readonly declined: readonly number[];
}

export function assign(
  members: readonly MemberSays[],
  partitions: number,
): ReadonlyMap<string, readonly number[]> {
  const sorted = [...members].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
  const shares = new Map<string, number[]>(sorted.map(({ id }) => [id, []]));
  if (sorted.length === 0) return shares;
  const owners = ownersOf(sorted, partitions);
  const least = Math.floor(partitions / sorted.length);
  /** members that may have one more than the least */
  let larger = partitions % sorted.length;
  // those who own most keep the larger shares
  const byOwned = [...sorted].sort((a, b) => countOf(owners, b.id) - countOf(owners, a.id));
  const room = new Map<string, number>();
  for (const { id } of byOwned) {
    const share = larger > 0 ? least + 1 : least;
    larger--;
    room.set(id, share);
  }
  const free: number[] = [];
  for (let partition = 0; partition < partitions; partition++) {
    const owner = owners[partition];
    const left = owner === undefined ? 0 : (room.get(owner) ?? 0);
    if (owner === undefined || left === 0) free.push(partition);
    else {
      room.set(owner, left - 1);
      shares.get(owner)?.push(partition);
    }
  }
  for (const { id } of sorted) {
    const taken = free.splice(0, room.get(id) ?? 0);
    shares.get(id)?.push(...taken);
  }
  passOn(sorted, shares);
  for (const share of shares.values()) share.sort((a, b) => a - b);
  return shares;
}

/** S3 */
function passOn(members: readonly MemberSays[], shares: ReadonlyMap<string, number[]>): void {
  const declines = (id: string, partition: number): boolean =>
    members.some((member) => member.id === id && member.declined.includes(partition));
  for (const [id, share] of shares) {
    for (const partition of share.filter((one) => declines(id, one))) {
      share.splice(share.indexOf(partition), 1);
      const others = [...shares].filter(([other]) => !declines(other, partition));
      const [poorest] = others.sort(([, a], [, b]) => a.length - b.length);
      poorest?.[1].push(partition);
    }
  }
}

/** S2: who owned partition i last, if anybody says so. */
function ownersOf(members: readonly MemberSays[], partitions: number): (string | undefined)[] {
  const owners: (string | undefined)[] = Array.from({ length: partitions }, () => undefined);
  const since: number[] = [];
  for (const { id, owned, generation } of members) {
    for (const partition of owned) {
      if (partition < 0 || partition >= partitions) continue;
      if (owners[partition] !== undefined && (since[partition] ?? -1) >= generation) continue;
      owners[partition] = id;
      since[partition] = generation;
    }
  }
  return owners;
}

function countOf(owners: readonly (string | undefined)[], id: string): number {
  let count = 0;
  for (const owner of owners) if (owner === id) count++;
  return count;
}
