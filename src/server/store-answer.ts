import type { Observable, Subscription } from 'rxjs'

/**
 * The one answer of a store. `settle` is called once: with the value, with `undefined` if there was
 * none, or with the error; `isLate` is false if that happens before this returns. Returns the
 * subscription to an answer that is still to come, `undefined` if it came.
 */
export const storeAnswer = <T>(
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
    next: end,
    error: (error: unknown) => {
      end(undefined, error ?? 'unknown reason')
    },
    complete: () => {
      end(undefined)
    },
  })
  state.isLate = true
  return state.isSettled ? undefined : subscription
}
