import { type RunHelpers, TestScheduler } from 'rxjs/testing'
import { expect } from 'vitest'

/** Runs a marble test on a scheduler of its own: a second `run` on one continues its clock. */
export const marbles = (test: (helpers: RunHelpers) => void): void => {
  new TestScheduler((actual, expected) => { expect(actual).toEqual(expected) }).run(test)
}
