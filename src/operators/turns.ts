/** One projection's way out. */
export interface Turn<R> {
  readonly next: (result: R) => void
  /** The projection is over. */
  readonly end: () => void
}

/** Each result goes to `emit` as it comes; a turn is released when it ends. */
export const anyOrder = <R>(emit: (result: R) => void, release: () => void): (() => Turn<R>) => {
  const turn = { next: emit, end: release }
  return () => turn
}

interface Waiting<R> {
  readonly results: R[]
  ended: boolean
}

/**
 * Results go to `emit` in the order in which the turns were made; an early one waits, and its turn
 * is released only once it went out.
 */
export const inOrder = <R>(emit: (result: R) => void, release: () => void): (() => Turn<R>) => {
  const turns: Waiting<R>[] = []
  let emitting = false

  // Loop and guard, because `emit` and `release` may come back here.
  const advance = (): void => {
    if (emitting) return
    emitting = true
    for (let first = turns[0]; first !== undefined; first = turns[0]) {
      for (const result of first.results) emit(result)
      first.results.length = 0
      if (!first.ended) break
      turns.shift()
      release()
    }
    emitting = false
  }
  return () => {
    const turn: Waiting<R> = { results: [], ended: false }
    turns.push(turn)
    return {
      next: (result) => {
        turn.results.push(result)
        advance()
      },
      end: () => {
        turn.ended = true
        advance()
      },
    }
  }
}
