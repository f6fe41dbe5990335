import type { CID } from 'multiformats/cid'
import { endWith, finalize, firstValueFrom, takeUntil } from 'rxjs'
import { type Ports, runCore } from './bitswap.ts'
import { localBlocks } from './client/local-blocks.ts'
import { everyone } from './client/scope.ts'
import { openSession } from './client/session.ts'
import { wantStreams } from './client/want-streams.ts'
import { NotFoundError, NotStartedError } from './errors.ts'
import type { Asking, Session, SessionOptions } from './exchange.ts'
import { multihashKey } from './message/keys.ts'
import { after } from './operators/after.ts'
import { trampoline } from './operators/trampoline.ts'
import { type HotStreams, hotStreams } from './observe/hot-streams.ts'
import { type StateStreams, stateStreams } from './observe/state-streams.ts'
import { CLIENT_DEFAULTS, SERVER_DEFAULTS, type Settings } from './options.ts'

/** One life of a node, from its creation to its stop. */
export interface Life extends Asking, HotStreams, StateStreams {
  session(options?: SessionOptions): Session
  notify(cids: Iterable<CID>): void
  /** Not after a stop: that needs another life. */
  start(): void
  stop(): Promise<void>
  isOver(): boolean
}

/** What is left to be said when a node stops may take this long, in ms. */
const FAREWELL_MS = 1_000

export const newLife = (ports: Ports, settings: Settings): Life => {
  const deps = { ...ports, ...runCore(ports, settings) }
  const { clock, command, report, decision$, live } = deps
  let running = false
  let over = false
  let stopped: Promise<void> | undefined
  const local = localBlocks({
    ...deps,
    retryMs: (settings.server ?? SERVER_DEFAULTS).notifyRetryMs,
    isWanted: (cid) => live.wants.has(multihashKey(cid)),
  })
  const stopping = trampoline<never>()
  const stopping$ = stopping.event$.pipe(endWith(undefined))

  const refusal = (cid: CID): Error | undefined => {
    if (!running) return new NotStartedError()
    return settings.client === undefined ? new NotFoundError(cid, []) : undefined
  }
  const asking = wantStreams({
    ...deps,
    local,
    refusal,
    stopping$,
    maxWaitingCids: (settings.client ?? CLIENT_DEFAULTS).maxWaitingCids,
  })
  const end = (): Promise<void> => {
    running = false
    over = true
    stopping.complete()
    local.stop()
    const over$ = deps.finish().pipe(takeUntil(after(clock, FAREWELL_MS)), finalize(deps.halt))
    return firstValueFrom(over$, { defaultValue: undefined })
  }

  return {
    ...hotStreams(decision$, clock),
    ...stateStreams(deps),
    ...asking(everyone()),
    session: (options = {}) => openSession({ ...deps, stopping$, asking }, options),
    notify: (notified) => {
      const cids = [...notified]
      for (const cid of cids) report({ type: 'notify', cid })
      command({ type: 'notify', cids })
      // Whoever asked before, within the same delivery perhaps, is known to want it by then.
      clock.soon(() => cids.forEach(local.notice))
    },
    start: () => { running = true },
    stop: () => stopped ??= end(),
    isOver: () => over,
  }
}
