import { defer, isObservable, type Observable, of, type Subscription } from 'rxjs'

/**
 * One value: itself where it is known at once, else an Observable of it. What is known at once
 * needs no subscription, which costs more than most of what is asked for.
 */
export type NowOrLater<T> = T | Observable<T>

/**
 * Asks for one value. `settle` is called once: with the value, with `undefined` if there was none,
 * or with the error, thrown or emitted; `isLate` is false if that happens before this returns.
 * Returns the subscription to a value that is still to come, `undefined` if it came.
 */
export const nowOrLater = <T>(
  ask: () => NowOrLater<T>,
  settle: (isLate: boolean, value: T | undefined, error?: unknown) => void,
): Subscription | undefined => {
  let answer: NowOrLater<T>
  try {
    answer = ask()
  } catch (error) {
    settle(false, undefined, reasonOf(error))
    return undefined
  }
  if (isObservable(answer)) return later(answer, settle)
  settle(false, answer)
  return undefined
}

const later = <T>(
  answer$: Observable<T>,
  settle: (isLate: boolean, value: T | undefined, error?: unknown) => void,
): Subscription | undefined => {
  const state = { isSettled: false, isLate: false }
  const end = (value: T | undefined, error?: unknown): void => {
    if (state.isSettled) return
    state.isSettled = true
    settle(state.isLate, value, error)
  }
  const subscription = answer$.subscribe({
    next: (value) => {
      end(value)
    },
    error: (error: unknown) => {
      end(undefined, reasonOf(error))
    },
    complete: () => {
      end(undefined)
    },
  })
  state.isLate = true
  return state.isSettled ? undefined : subscription
}

/** The same as a cold Observable: what is thrown is its error. */
export const observed = <T>(ask: () => NowOrLater<T>): Observable<T> =>
  defer(() => {
    const answer = ask()
    return isObservable(answer) ? answer : of(answer)
  })

/** `undefined` means that nothing went wrong. */
const reasonOf = (error: unknown): unknown => error ?? 'unknown reason'
