/** Places still to visit. Endless until every place taken is done and none is left. */
export interface Agenda<P> extends AsyncIterable<P> {
  /** A place was visited; `found` are the places it leads to. */
  done(found: readonly P[]): void
}

/**
 * Depth first and in order, so that what waits is one path's siblings rather than a whole level of
 * the graph, and so that a file's blocks are asked for from its beginning.
 */
export const agendaFrom = <P>(root: P): Agenda<P> => {
  const waiting = [root]
  let unvisited = 1
  let wake = (): void => {}

  return {
    done: (found) => {
      waiting.push(...found.toReversed())
      unvisited += found.length - 1
      wake()
    },
    async * [Symbol.asyncIterator] () {
      while (unvisited > 0) {
        const place = waiting.pop()
        if (place === undefined) await new Promise<void>((resolve) => { wake = resolve })
        else yield place
      }
    },
  }
}
