/**
 * The client half of Bitswap: turns what the application wants, what peers say and which blocks
 * arrive into wantlist entries for peers and verified, stored blocks for the application.
 *
 * A block is asked of one peer at a time, the likeliest first; others are told that it is wanted
 * and say whether they have it. The want moves on at DONT_HAVE, silence, disconnect or a failed
 * send.
 */
import { Observable } from 'rxjs'
import { subscribeWithin } from '../operators/subscribe-within.ts'
import type { ClientInput, ClientOutput, Request } from './contract.ts'
import { wantMachine, type WantManagerDeps } from './want-machine.ts'

/**
 * Cold: each subscription is a want manager of its own. Errors only if its input does; answers an
 * input at once, except that what is to go on the wire is gathered until the current run of code is
 * over, so that a thousand wants make one message. When the input completes, cancels go out to all
 * who were asked, then the output completes. Unsubscribing stops at once and says nothing.
 */
export const wantManager = <R extends Request>(deps: WantManagerDeps) =>
  (input$: Observable<ClientInput<R>>): Observable<ClientOutput<R>> =>
    new Observable((subscriber) => {
      const machine = wantMachine<R>(deps, subscriber)
      subscriber.add(machine.halt)
      machine.start()
      subscribeWithin(subscriber, () => input$, {
        next: machine.step,
        complete: machine.finish,
      })
    })
