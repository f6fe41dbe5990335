import type { Observer } from 'rxjs'
import type { AppRequest } from './client/app-request.ts'
import type { ClientInput } from './client/contract.ts'
import type { Decision } from './events.ts'
import type { Delta } from './message/delta.ts'
import type { OutgoingMessage, ReceivedMessage } from './message/message.ts'
import { type Trampoline, trampoline } from './operators/trampoline.ts'
import type { PeerEvent } from './ports.ts'
import type { ServerInput } from './server/contract.ts'

/** Everything that the queues and the two cores hear. */
export type CoreInput = ClientInput<AppRequest> | ServerInput

/** Where they listen. */
export interface Hearers {
  readonly queues: Trampoline<Delta | PeerEvent>
  readonly client: Trampoline<ClientInput<AppRequest>>
  readonly server: Trampoline<ServerInput>
}

export const hearers = (): Hearers =>
  ({ queues: trampoline(), client: trampoline(), server: trampoline() })

/**
 * In this order each input is heard: by the diary, the queues, the client, the server. A message is
 * heard by the client if it answers something, by the server if it asks for something; that one was
 * sent, by the server if it answered in it.
 */
export const route = (
  report: (decision: Decision) => void,
  { queues, client, server }: Hearers,
): Pick<Observer<CoreInput>, 'next' | 'complete'> => ({
  next: (input) => {
    switch (input.type) {
      case 'peer-up':
      case 'peer-down':
        report(input)
        queues.next(input)
        break
      case 'message': {
        const { wantlist } = input.message
        report(input)
        if (isAnswer(input.message)) client.next(input)
        if (wantlist.full || wantlist.entries.length > 0) server.next(input)
        return
      }
      case 'send-failed':
        report(input)
        break
      case 'sent':
        report(input)
        if (isAnswer(input.message)) server.next(input)
        return
      case 'want':
      case 'unwant':
      case 'dialling':
      case 'dialled':
      case 'local-block':
        client.next(input)
        return
      case 'blocks-received':
      case 'notify':
        server.next(input)
        return
      default:
        input satisfies never
        return
    }
    client.next(input)
    server.next(input)
  },
  complete: () => {
    client.complete()
    server.complete()
  },
})

const isAnswer = ({ blocks, presences }: OutgoingMessage | ReceivedMessage): boolean =>
  blocks.length + presences.length > 0
