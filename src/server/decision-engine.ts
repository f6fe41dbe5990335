import type { PeerId } from '@libp2p/interface'
import type { CID } from 'multiformats/cid'
import { Observable, type Observer } from 'rxjs'
import { StoreError } from '../errors.ts'
import type { Delta } from '../message/delta.ts'
import type { MultihashKey } from '../message/keys.ts'
import { subscribeWithin } from '../operators/subscribe-within.ts'
import type { ServerOptions } from '../options.ts'
import type { BlockLookup, Clock } from '../ports.ts'
import { admission } from './admission.ts'
import { answering } from './answering.ts'
import { booking } from './booking.ts'
import { byteFairQueue } from './byte-fair-queue.ts'
import type { ServerInput, ServerOutput } from './contract.ts'
import { earlyReading } from './early-reading.ts'
import { ledgers as ledgersOf } from './ledger.ts'
import type { Ledger } from './ledger.ts'
import { lookUps as lookUpsOf } from './look-ups.ts'
import { notifications as notificationsOf } from './notifications.ts'
import { receiving } from './receiving.ts'
import { taskWorkers } from './task-workers.ts'

export interface DecisionEngineDeps {
  readonly lookup: BlockLookup
  readonly clock: Clock
  readonly options: ServerOptions
}

/**
 * Decides what each peer is sent. Wantlists become entries in ledgers; what the store says of their
 * blocks becomes tasks; as peers have room, tasks become envelopes, whose blocks are read then.
 *
 * ```
 * input$:   u---W---------t----x--     u peer up, W want-block, t its answer was sent, x cancel
 * result:   ----(Lb)------L----L--     L ledger changed, b delta with the block
 * ```
 *
 * With a synchronous store the answer to a message is emitted before `next` of the input returns.
 * Cold: state begins with the subscription. Completes with `input$`; errors only if `input$` does,
 * or by our own fault. The end, whichever, stops reads in flight and timers.
 */
export const decisionEngine =
  (deps: DecisionEngineDeps) =>
  (input$: Observable<ServerInput>): Observable<ServerOutput> =>
    new Observable((subscriber) => {
      const engine = start(deps, subscriber)
      subscriber.add(engine.stop)
      subscribeWithin(subscriber, () => input$, {
        next: engine.hear,
        complete: () => {
          subscriber.complete()
        },
      })
    })

interface Engine {
  readonly hear: (input: ServerInput) => void
  readonly stop: () => void
}

const start = (
  { lookup, clock, options }: DecisionEngineDeps,
  listener: Observer<ServerOutput>,
): Engine => {
  const changed = new Set<Ledger>()
  const failures: ServerOutput[] = []
  const enter = entrance(listener, () => {
    do {
      for (const failure of failures.splice(0)) listener.next(failure)
      for (const ledger of changed) {
        changed.delete(ledger)
        listener.next({ type: 'ledger', ledger })
      }
      workers.work()
    } while (changed.size > 0 || failures.length > 0)
  })
  const change = (ledger: Ledger): void => {
    changed.add(ledger)
  }
  const failed = (cid: CID, error: unknown): void => {
    failures.push({ type: 'store-failed', cid, error: asStoreError(cid, error) })
  }

  const ledgers = ledgersOf(change)
  const queue = byteFairQueue(options)
  const admit = admission(ledgers, options.maxWantlistEntries)
  const missing = (key: MultihashKey): void => {
    notifications.missing(key)
  }
  const { found, unserved } = answering({ ledgers, admit, queue, options, missing })
  const reading = { lookup, early: earlyReading(), failed, enter }
  const lookUps = lookUpsOf({ ...reading, workers: options.lookupWorkers, found })
  const emit = (delta: Delta): void => {
    listener.next(delta)
  }
  const vanished = (peer: PeerId, key: MultihashKey): void => {
    unserved(peer, key)
    missing(key)
  }
  const workers = taskWorkers({ ...reading, queue, options, emit, unserved: vanished })
  const retryMs = options.notifyRetryMs
  const notifications = notificationsOf({ clock, retryMs, ledgers, lookUps, enter })
  const receive = receiving({ ledgers, lookUps, queue, maxEntries: options.maxWantlistEntries })
  const book = booking({ ledgers, lookUps, queue, booked: change, unserved })

  const depart = (peer: PeerId): void => {
    queue.forget(peer)
    const ledger = ledgers.of(peer)
    if (ledger === undefined) return
    lookUps.withdrawAll(ledger)
    ledgers.close(ledger)
  }

  const hear = (input: ServerInput): void => {
    switch (input.type) {
      case 'peer-up':
        ledgers.open(input.peer)
        break
      case 'peer-down':
        depart(input.peer)
        break
      case 'message':
        receive(input.peer, input.message.wantlist)
        break
      case 'sent':
      case 'send-failed':
        book.outcome(input)
        break
      case 'blocks-received':
        for (const { key, byteLength, from } of input.blocks) {
          book.received(from, byteLength)
          notifications.stored(key)
        }
        break
      case 'notify':
        notifications.notify(input.cids)
        break
      default:
        input satisfies never
    }
  }
  return {
    hear: (input) => {
      enter(() => {
        hear(input)
      })
    },
    stop: () => {
      lookUps.stop()
      workers.stop()
      notifications.stop()
    },
  }
}

/** Runs changes of state, one within another if need be, then once what follows from them. */
const entrance = (listener: Observer<ServerOutput>, follow: () => void) => {
  let isEntered = false
  return (change: () => void): void => {
    if (isEntered) {
      change()
      return
    }
    isEntered = true
    try {
      change()
      follow()
    } catch (error) {
      listener.error(error)
    }
    isEntered = false
  }
}

const asStoreError = (cid: CID, error: unknown): StoreError =>
  error instanceof StoreError ? error : new StoreError('read', cid, error)
