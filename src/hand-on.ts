import { type AppRequest, answer, finish, giveUp } from './client/app-request.ts'
import type { ClientOutput } from './client/contract.ts'
import type { Decision } from './events.ts'
import type { Delta } from './message/delta.ts'
import type { StateKeeper } from './observe/live-state.ts'
import type { Trampoline } from './operators/trampoline.ts'
import type { Network } from './ports.ts'
import type { ServerInput } from './server/contract.ts'

export interface ClientOutputDeps {
  readonly network: Pick<Network, 'pauseReading' | 'resumeReading'>
  readonly state: Pick<StateKeeper, 'changed'>
  readonly report: (decision: Decision) => void
  readonly queues: Pick<Trampoline<Delta>, 'next'>
  readonly input: Pick<Trampoline<ServerInput>, 'next'>
}

/** Where each thing the want manager says goes: to the wire, to the application, to the diary. */
export const handOn = (deps: ClientOutputDeps) => (output: ClientOutput<AppRequest>): void => {
  switch (output.type) {
    case 'delta':
      deps.queues.next(output)
      return
    case 'wantlist':
      deps.state.changed(output)
      return
    case 'deliver':
      handOver(output, deps.report)
      return
    case 'presence':
      tellPresence(output)
      return
    case 'answered':
      finish(output.request)
      return
    case 'fail':
      for (const request of output.requests) {
        if (!request.over) giveUp(request, output.error, deps.report)
      }
      return
    case 'stored':
      deps.input.next({ type: 'blocks-received', blocks: output.blocks })
      return
    case 'reading':
      if (output.paused) deps.network.pauseReading(output.peer)
      else deps.network.resumeReading(output.peer)
      return
    default:
      deps.report(output)
  }
}

/** Each subscriber hears of the CID as it wrote it: others may name the multihash otherwise. */
const tellPresence = (
  { requests, availability }: ClientOutput<AppRequest> & { readonly type: 'presence' },
): void => {
  for (const request of requests) {
    if (request.kind !== 'presence') continue
    request.sink.next({ ...availability, cid: request.cid })
  }
}

const handOver = (
  { requests, block, from }: ClientOutput<AppRequest> & { readonly type: 'deliver' },
  report: (decision: Decision) => void,
): void => {
  for (const request of requests) {
    if (request.kind !== 'block' || request.over) continue
    answer(request, block.bytes, from, report)
  }
}
