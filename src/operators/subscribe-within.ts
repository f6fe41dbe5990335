import { from, Observable, type ObservableInput, type Observer, type Subscriber } from 'rxjs'

/**
 * Subscribes to what `input` makes so that `owner` ends it from its first, synchronous value on: a
 * plain `subscribe` inside an operator hands out its subscription too late to stop a synchronous
 * loop. Errors, also what `input` throws, are the owner's unless the observer takes them. `after`
 * runs last, when the subscription's own teardown is done, however it ended.
 */
export const subscribeWithin = <T>(
  owner: Subscriber<unknown>,
  input: () => ObservableInput<T>,
  observer: Partial<Observer<T>>,
  after?: () => void,
): void => {
  const subscription = new Observable<T>((subscriber) => {
    owner.add(subscriber)
    from(input()).subscribe(subscriber)
  }).subscribe({ error: (error: unknown) => owner.error(error), ...observer })
  subscription.add(after)
}
