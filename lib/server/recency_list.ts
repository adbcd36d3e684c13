/**
 * Who was there longest without a word comes first: a list whose members move to its end in constant
 * time, so that finding whom to drop costs nothing, however many there are.
 *
 * @module
 */

/** A member of at most one {@linkcode RecencyList}. */
export class Recency {
  /** When it last moved to the end, in milliseconds on a steady clock. */
  sinceMs = 0;
  /** The list that it is in. */
  list: RecencyList<Recency> | null = null;
  before: Recency | null = null;
  after: Recency | null = null;
}

/** Members in the order in which they were last touched. */
export class RecencyList<Member extends Recency> {
  #first: Member | null = null;
  #last: Member | null = null;
  #size = 0;

  /** How many members there are. */
  get size(): number {
    return this.#size;
  }

  /** The one that was touched least recently; null when there is none. */
  get first(): Member | null {
    return this.#first;
  }

  /**
   * Puts a member at the end, taking it out of the list that it was in.
   *
   * @param member this or another list's, or nobody's yet
   * @param nowMs when that is, on a steady clock
   */
  touch(member: Member, nowMs: number): void {
    member.list?.remove(member);
    member.sinceMs = nowMs;
    member.list = this;
    member.before = this.#last;
    if (this.#last === null) this.#first = member;
    else this.#last.after = member;
    this.#last = member;
    this.#size++;
  }

  /** Takes a member out; one that is not in this list stays where it is. */
  remove(member: Member): void {
    if (member.list !== this) return;
    const { before, after } = member as { before: Member | null; after: Member | null };
    if (before === null) this.#first = after;
    else before.after = after;
    if (after === null) this.#last = before;
    else after.before = before;
    member.list = member.before = member.after = null;
    this.#size--;
  }
}
