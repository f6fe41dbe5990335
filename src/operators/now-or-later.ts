import { defaultIfEmpty, defer, isObservable, type Observable, of, type Subscription, take } from 'rxjs'

/**
 * One value: itself where it is known at once, else an Observable of it. What is known at once
 * needs no subscription, which costs more than most of what is asked for.
 */
export type NowOrLater<T> = T | Observable<T>

/** What became of a question: its value, `undefined` if there was none, or why it failed. */
export type Settle<S, T> = (
  subject: S,
  isLate: boolean,
  value: T | undefined,
  error?: unknown,
) => void

/**
 * Asks for one value. `settle` is called once: with the value, with `undefined` if there was none,
 * or with the error, thrown or emitted; `isLate` is false if that happens before this returns, and
 * a late answer comes through `enter`. Returns the subscription to a value that is still to come,
 * `undefined` if it came. Both functions are given the subject of the question, so that they need
 * not be made anew for each.
 */
export const nowOrLater = <S, T>(
  subject: S,
  ask: (subject: S) => NowOrLater<T>,
  settle: Settle<S, T>,
  enter: (task: () => void) => void = run,
): Subscription | undefined => {
  let answer: NowOrLater<T>
  try {
    answer = ask(subject)
  } catch (error) {
    settle(subject, false, undefined, reasonOf(error))
    return undefined
  }
  if (isObservable(answer)) return later(subject, answer, settle, enter)
  settle(subject, false, answer)
  return undefined
}

const later = <S, T>(
  subject: S,
  answer$: Observable<T>,
  settle: Settle<S, T>,
  enter: (task: () => void) => void,
): Subscription | undefined => {
  let isLate = false
  const end = (value: T | undefined, error?: unknown): void =>
    (isLate ? enter : run)(() => settle(subject, isLate, value, error))
  const subscription = answer$.pipe(take(1), defaultIfEmpty(undefined)).subscribe({
    next: (value) => end(value),
    error: (error: unknown) => end(undefined, reasonOf(error)),
  })
  isLate = true
  return subscription.closed ? undefined : subscription
}

const run = (task: () => void): void => {
  task()
}

/** The same as a cold Observable: what is thrown is its error. */
export const observed = <T>(ask: () => NowOrLater<T>): Observable<T> =>
  defer(() => {
    const answer = ask()
    return isObservable(answer) ? answer : of(answer)
  })

/** `undefined` means that nothing went wrong. */
const reasonOf = (error: unknown): unknown => error ?? 'no reason'
