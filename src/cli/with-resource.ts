import { Observable, defer } from 'rxjs'

export interface Resource<R> {
  readonly acquire: () => Promise<R>
  /** Must not reject. */
  readonly release: (resource: R) => Promise<void>
}

/**
 * Runs `use` on a resource and releases it when that ends or is unsubscribed, be it while it is
 * still being acquired: what nobody releases is left behind, or keeps the process alive.
 */
export const withResource = <R, T>(
  { acquire, release }: Resource<R>,
  use: (resource: R) => Observable<T>,
): Observable<T> =>
  new Observable((subscriber) => {
    const acquiring = acquire()
    acquiring.then((resource) => {
      if (!subscriber.closed) defer(() => use(resource)).subscribe(subscriber)
    }, (error: unknown) => subscriber.error(error))
    return () => { acquiring.then(release, () => {}) }
  })
