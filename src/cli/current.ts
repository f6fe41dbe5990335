import { take } from 'rxjs'
import type { Observable } from 'rxjs'

/** The value that a state stream has now. */
export const current = <T>(state$: Observable<T>): T => {
  const values: T[] = []
  state$.pipe(take(1)).subscribe((value) => values.push(value))
  const [value] = values
  if (value === undefined) throw new Error('A state stream emits its current value at once')
  return value
}
