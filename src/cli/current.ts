import { BehaviorSubject, take } from 'rxjs'
import type { Observable } from 'rxjs'

/** The value that a state stream has now. */
export const current = <T>(state$: Observable<T>): T => {
  const value$ = new BehaviorSubject<T | undefined>(undefined)
  state$.pipe(take(1)).subscribe(value$)
  const value = value$.getValue()
  if (value === undefined) throw new Error('A state stream emits its current value at once')
  return value
}
