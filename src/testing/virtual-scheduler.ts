import { Subscription } from 'rxjs'
import type { SchedulerAction, SchedulerLike } from 'rxjs'
import type { Clock } from '../ports.ts'

/**
 * RxJS's view of a clock, so that `timer`, `timeout`, `delay` and the like of an application run in
 * virtual time too. Unsubscribing an action takes its timer off the clock.
 */
export const schedulerOf = (clock: Clock): SchedulerLike => ({
  now: () => clock.now(),
  schedule<T> (work: (this: SchedulerAction<T>, state?: T) => void, delay = 0, state?: T) {
    return action(clock, work).schedule(state, delay)
  },
})

const action = <T>(
  clock: Clock,
  work: (this: SchedulerAction<T>, state?: T) => void,
): SchedulerAction<T> => {
  let disarm = (): void => {}
  const self: SchedulerAction<T> = Object.assign(new Subscription(), {
    schedule (state?: T, delay = 0): Subscription {
      if (self.closed) return self
      disarm()
      disarm = clock.after(delay, () => { work.call(self, state) })
      return self
    },
  })
  self.add(() => { disarm() })
  return self
}
