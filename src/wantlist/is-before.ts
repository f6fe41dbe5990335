/** What has a place in a line, and a priority over it. */
export interface Placed {
  readonly priority: number
  /** Decides between equals. */
  readonly place: number
}

/** Highest priority first, then first come, first served. */
export const isBefore = (a: Placed, b: Placed): boolean =>
  a.priority > b.priority || (a.priority === b.priority && a.place < b.place)
