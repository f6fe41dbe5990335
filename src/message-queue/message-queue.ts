import { defer, type Observable, tap } from 'rxjs'
import type { Delta } from '../message/delta.ts'
import { multihashKey, type MultihashKey } from '../message/keys.ts'
import type { OutgoingMessage } from '../message/message.ts'
import { split } from '../message/split.ts'
import { bufferExhaustMap } from '../operators/index.ts'
import type { SendOutcome } from '../ports.ts'
import { isNothing, merge, messageOf, nothingPending, type Pending } from './pending.ts'
import { type Outcomes, sendInTurn, type SendDeps } from './send-in-turn.ts'

/**
 * Says to one peer what its deltas say, in as few messages as its stream allows: a delta leaves at
 * once while nothing is being sent; those that come during a send are merged, and leave together
 * when the stream can take more.
 *
 * ```
 * delta$:  w.x--w.y-c.y-w.z---     y is cancelled before it was sent
 * send:    [w.x]-------|
 *                       [w.z]----|
 * result:  --------s--------s--    s: sent
 * ```
 *
 * A merged message that is too large is split; its parts leave one after another. A failed send is
 * an outcome, not an error, and fails the parts behind it unsent: the wantlist and the ledger are
 * the truth and repair it. Cold; each subscription is a queue of its own. Completes when `delta$`
 * has and all is sent. Unsubscribing ends the send and drops what waits.
 */
export const messageQueue =
  (deps: SendDeps) =>
  (delta$: Observable<Delta>): Observable<SendOutcome> =>
    defer(() => {
      const held = new Set<MultihashKey>()
      const project = (pending: Pending): Outcomes => {
        hold(held, pending)
        return sendInTurn(deps, split(messageOf(pending)))
      }
      return delta$.pipe(
        bufferExhaustMap(project, {
          seed: nothingPending,
          merge: (pending, delta: Delta) => merge(pending, delta, held),
          isEmpty: isNothing,
        }),
        tap((outcome) => { if (outcome.type === 'send-failed') holdOn(held, outcome.message) }),
      )
    })

/** What the peer holds of our wantlist once it has this. */
const hold = (held: Set<MultihashKey>, { entries }: Pending): void => {
  entries.forEach(({ type }, key) => {
    if (type === 'cancel') held.delete(key)
    else held.add(key)
  })
}

/** A cancel that failed leaves the want where it was. */
const holdOn = (held: Set<MultihashKey>, { wantlist }: OutgoingMessage): void => {
  for (const { type, cid } of wantlist.entries) {
    if (type === 'cancel') held.add(multihashKey(cid))
  }
}
