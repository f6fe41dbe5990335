/** By `then`, not by class: with zone.js (Angular) `async` functions return promises of another class. */
export const isPromise = <T>(value: T | PromiseLike<T>): value is PromiseLike<T> =>
  typeof (value as Partial<PromiseLike<T>> | undefined)?.then === 'function'
