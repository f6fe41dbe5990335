/** A bug to plant: a change of one place in one file. */
export interface Mutant {
  readonly name: string
  /** What goes wrong, for whoever has to write the specification that notices. */
  readonly bug: string
  /** Below `src`. */
  readonly file: string
  /** Stands there exactly once. */
  readonly replace: string
  readonly by: string
}

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'cancel-dropped',
    bug: 'a want that ends is not taken back from those who were asked',
    file: 'client/asks.ts',
    replace: 'outbox.tell(asked.peer, entry, isIdle ? \'at-leisure\' : \'at-once\')',
    by: '',
  },
  {
    name: 'deliverer-not-cancelled',
    bug: 'who delivered the block gets no cancel',
    file: 'client/asks.ts',
    replace: `      for (const asked of want.asked?.values() ?? []) {
`,
    by: `      for (const asked of want.asked?.values() ?? []) {
        if (asked.answer === 'have') continue
`,
  },
  {
    name: 'told-at-once',
    bug: 'others are told with a message of its own each time',
    file: 'client/outbox.ts',
    replace: '!isUrgent && to.awaited > 0 && entries.length < MAX_WAITING_ENTRIES',
    by: 'false',
  },
  {
    name: 'others-not-told',
    bug: 'only the target hears of a want',
    file: 'client/asks.ts',
    replace: 'ranking.peers.size < 2',
    by: 'ranking.peers.size > 0',
  },
  {
    name: 'dont-have-always-asked',
    bug: 'broadcast want-haves ask for a DONT_HAVE, too',
    file: 'client/asks.ts',
    replace: 'sendDontHave: type === \'want-block\' || isTargeted(want, peer)',
    by: 'sendDontHave: true',
  },
  {
    name: 'old-peers-told',
    bug: 'peers of protocol 1.1 are sent want-haves',
    file: 'client/asks.ts',
    replace: 'if (peer === want.target || !peer.supportsHave) return true',
    by: 'if (peer === want.target) return true',
  },
  {
    name: 'dont-have-ignored',
    bug: 'a DONT_HAVE of the target does not move the want',
    file: 'client/answers.ts',
    replace: 'if (want.target === peer) line.moveOn(want, \'dont-have\')',
    by: '',
  },
  {
    name: 'late-have-ignored',
    bug: 'a HAVE does not wake a parked want',
    file: 'client/answers.ts',
    replace: 'if (want.state === \'parked\') line.rejoin(want)',
    by: '',
  },
  {
    name: 'silence-ignored',
    bug: 'a silent target is never left',
    file: 'client/answers.ts',
    replace: 'if (want.target === peer) line.moveOn(want, \'timed-out\')',
    by: '',
  },
  {
    name: 'progress-ignored',
    bug: 'a peer that goes on delivering counts as silent',
    file: 'client/answers.ts',
    replace: ') peer.heardAt = clock.now()',
    by: ') void 0',
  },
  {
    name: 'latency-ignored',
    bug: 'the timeout never learns the latency',
    file: 'client/answers.ts',
    replace: 'peer.latencyMs = blend(latencyMs, sampleMs)',
    by: '',
  },
  {
    name: 'no-patience',
    bug: 'a want gives up after the short timeout',
    file: 'client/patience.ts',
    replace: 'return quietSince + dontHaveTimeoutMs',
    by: 'return quietSince * 0 - Math.max(0, dontHaveTimeoutMs)',
  },
  {
    name: 'timeout-without-floor',
    bug: 'the timeout has no floor',
    file: 'client/dont-have-timeout.ts',
    replace: '    minDontHaveTimeoutMs,\n',
    by: '    0,\n',
  },
  {
    name: 'disconnect-ignored',
    bug: 'wants stay with a peer that is gone',
    file: 'client/connections.ts',
    replace: 'if (want.target === peer) line.moveOn(want, \'peer-down\')',
    by: '',
  },
  {
    name: 'newcomer-ignored',
    bug: 'parked wants do not hear of a new peer',
    file: 'client/scopes.ts',
    replace: 'if (isConcerned(want)) line.rejoin(want)',
    by: 'void want',
  },
  {
    name: 'open-wants-kept-from-newcomers',
    bug: 'a new peer is not told of active wants',
    file: 'client/scopes.ts',
    replace: 'for (const want of line.active) if (isConcerned(want)) asks.tellOthers(want)',
    by: '',
  },
  {
    name: 'failed-send-ignored',
    bug: 'a failed send counts as sent',
    file: 'client/connections.ts',
    replace: 'if (want.target === peer) line.moveOn(want, \'send-failed\')',
    by: '',
  },
  {
    name: 'priority-reversed',
    bug: 'waiting wants of lower priority go first',
    file: 'client/waiting.ts',
    replace: 'priorityQueue<Turn<T>>(isBefore,',
    by: 'priorityQueue<Turn<T>>((a, b) => a.priority !== b.priority'
      + ' ? a.priority < b.priority : isBefore(a, b),',
  },
  {
    name: 'session-hears-strangers',
    bug: 'a session is told of peers that are not its own',
    file: 'client/wants.ts',
    replace: '!includes(request.scope, key) || ',
    by: '',
  },
  {
    name: 'own-put-looked-for-once',
    bug: 'a block that is announced before it is put is not looked for again',
    file: 'client/local-blocks.ts',
    replace: 'look(cid, later)',
    by: '',
  },
  {
    name: 'window-off-by-one',
    bug: 'one want too many is in flight at a peer',
    file: 'client/peer-choice.ts',
    replace: 'load + handicap >= bestLoad',
    by: 'load + handicap > bestLoad',
  },
  {
    name: 'window-ignored',
    bug: 'any number of wants is in flight at a peer',
    file: 'client/peer-choice.ts',
    replace: 'load >= FULL || ',
    by: '',
  },
  {
    name: 'providers-not-first',
    bug: 'the providers of a session are asked no earlier than others',
    file: 'client/peer-choice.ts',
    replace: 'scope.preferred.has(peer.key) ? 0 : FULL',
    by: '0',
  },
  {
    name: 'have-not-preferred',
    bug: 'peers that said HAVE are no better than others',
    file: 'client/peer-choice.ts',
    replace: 'if (answer === \'have\' && isInScope(peer)) sure.consider(peer)',
    by: '',
  },
  {
    name: 'circle-never-widens',
    bug: 'a vain target does not widen the circle',
    file: 'client/peer-choice.ts',
    replace: 'broadcastPeers * 4 ** Math.min(moves, MAX_WIDENING)',
    by: 'broadcastPeers * 4 ** Math.min(moves * 0, MAX_WIDENING)',
  },
  {
    name: 'active-wants-unbounded',
    bug: 'wants that are out are not bounded in all',
    file: 'client/line.ts',
    replace: 'active.size >= options.maxActiveWants || ',
    by: '',
  },
  {
    name: 'want-not-shared',
    bug: 'a second subscriber sends the want again',
    file: 'client/wants.ts',
    replace: 'else if (want.state !== \'active\') line.rejoin(want)',
    by: 'else line.rejoin(want)',
  },
  {
    name: 'presence-ends-early',
    bug: 'availability ends with the first answer',
    file: 'client/presence-requests.ts',
    replace: `complete = !peer.supportsHave || want.asked?.get(peer.key)?.answer !== undefined
      return complete`,
    by: `complete = !peer.supportsHave || want.asked?.get(peer.key)?.answer !== undefined
      return !complete`,
  },
  {
    name: 'never-said-again',
    bug: 'open wants are not repeated',
    file: 'client/rebroadcast.ts',
    replace: 'if (sentAt > before) continue',
    by: 'continue',
  },
  {
    name: 'unwanted-accepted',
    bug: 'blocks nobody wants are taken',
    file: 'client/arrivals.ts',
    replace: 'if (deps.wanted(key)) deps.arrived',
    by: 'if (!deps.wanted(key)) deps.outbox.say({'
      + ' type: \'unwanted-block\', from: peer.peer, byteLength: 0 })\n'
      + 'if (deps.wanted(key)) deps.arrived',
  },
  {
    name: 'reading-never-pauses',
    bug: 'a lagging store does not stop reading',
    file: 'client/storing.ts',
    replace: 'if (paused === peer.paused) return',
    by: 'return',
  },
  {
    name: 'session-asks-everyone',
    bug: 'a session asks peers that are not its own',
    file: 'client/ranking.ts',
    replace: 'if (members !== \'everyone\') {',
    by: 'if (members !== \'everyone\' && members.size > 99) {',
  },
  {
    name: 'coalescing-lost',
    bug: 'what comes during a send is not merged',
    file: 'message-queue/message-queue.ts',
    replace: 'isEmpty: isNothing,',
    by: 'isEmpty: () => true,',
  },
  {
    name: 'cancel-of-unsent-said',
    bug: 'a want that was never sent is cancelled on the wire',
    file: 'wantlist/merge-entry.ts',
    replace: 'return held ? entry : undefined',
    by: 'return entry',
  },
  {
    name: 'presence-beside-block',
    bug: 'a HAVE stays beside its block',
    file: 'message-queue/pending.ts',
    replace: `  presences.delete(key)
`,
    by: '',
  },
  {
    name: 'cancels-go-last',
    bug: 'cancels follow the wants of a message',
    file: 'message-queue/pending.ts',
    replace: 'return [...cancels, ...wants.sort((a, b) => b.priority - a.priority)]',
    by: 'return [...wants.sort((a, b) => b.priority - a.priority)]',
  },
  {
    name: 'presence-ignored',
    bug: 'a missing block is met with silence though DONT_HAVE was asked for',
    file: 'server/respond.ts',
    replace: 'return want.sendDontHave ? \'dont-have\' : undefined',
    by: 'return undefined',
  },
  {
    name: 'dont-have-unasked',
    bug: 'a DONT_HAVE is said to who did not ask for it',
    file: 'server/respond.ts',
    replace: 'return want.sendDontHave ? \'dont-have\' : undefined',
    by: 'return \'dont-have\'',
  },
  {
    name: 'replace-off-by-one',
    bug: 'a block of exactly 1,024 bytes is a HAVE',
    file: 'server/respond.ts',
    replace: 'finding <= replaceHaveMaxBytes',
    by: 'finding < replaceHaveMaxBytes',
  },
  {
    name: 'full-adds',
    bug: 'a full wantlist only adds',
    file: 'server/receiving.ts',
    replace: 'if (full) {',
    by: 'if (full && entries.length > 99) {',
  },
  {
    name: 'cancel-keeps-the-task',
    bug: 'a cancel leaves the queued block',
    file: 'server/receiving.ts',
    replace: `      lookUps.withdraw(ledger, key)
      queue.withdraw(peer, key)`,
    by: '      lookUps.withdraw(ledger, key)',
  },
  {
    name: 'cancel-keeps-the-want',
    bug: 'a cancel leaves the subscription',
    file: 'server/receiving.ts',
    replace: `      ledgers.drop(ledger, key)
`,
    by: '',
  },
  {
    name: 'downgraded',
    bug: 'a want-have takes back a want-block',
    file: 'server/receiving.ts',
    replace: 'held?.type === \'want-block\' && want.type === \'want-have\'',
    by: 'held === want',
  },
  {
    name: 'failed-send-booked',
    bug: 'bytes that were not sent are booked',
    file: 'server/booking.ts',
    replace: 'if (type === \'sent\') book(ledger, \'sentBytes\', bytes.byteLength)',
    by: 'book(ledger, \'sentBytes\', bytes.byteLength)',
  },
  {
    name: 'turns-never-end',
    bug: 'a peer keeps its turn while it has work',
    file: 'server/byte-fair-queue.ts',
    replace: `    tasks.credit -= options.targetEnvelopeBytes
`,
    by: `    tasks.credit += options.targetEnvelopeBytes * 1000
`,
  },
  {
    name: 'outstanding-unbounded',
    bug: 'a peer that does not read gets more and more',
    file: 'server/byte-fair-queue.ts',
    replace: `      && tasks.outstandingBytes < options.maxOutstandingBytesPerPeer
`,
    by: '',
  },
  {
    name: 'ledger-outlives-the-peer',
    bug: 'a peer that comes back is still subscribed',
    file: 'server/decision-engine.ts',
    replace: `    ledgers.close(ledger)
`,
    by: '',
  },
  {
    name: 'want-sent-twice',
    bug: 'who was told of a want is told again each time another peer is asked',
    file: 'client/asks.ts',
    replace: 'if (known === undefined || owesMore(known, isTargeted(want, peer), awaited)) {',
    by: '{',
  },
  {
    name: 'everybody-asked-for-the-block',
    bug: 'peers that should only hear of the want are asked for the block',
    file: 'client/asks.ts',
    replace: 'ask(want, peer, \'want-have\', awaited, when)',
    by: 'ask(want, peer, \'want-block\', awaited, when)',
  },
  {
    name: 'no-dont-have-asked',
    bug: 'a want-block does not ask for a DONT_HAVE',
    file: 'client/asks.ts',
    replace: 'sendDontHave: type === \'want-block\' || isTargeted(want, peer)',
    by: 'sendDontHave: isTargeted(want, peer)',
  },
  {
    name: 'unstored-delivery',
    bug: 'a block is delivered before it is in the store',
    file: 'client/storing.ts',
    replace: 'arrivals.set(key, arrival)\n',
    by: 'arrivals.set(key, arrival)\n'
      + '      outbox.say({ type: \'deliver\', requests: arrival.requests.splice(0),'
      + ' block: arrival.block, from: arrival.from.peer })\n',
  },
  {
    name: 'active-off-by-one',
    bug: 'one want more than the limit is out at peers',
    file: 'client/line.ts',
    replace: 'active.size >= options.maxActiveWants',
    by: 'active.size > options.maxActiveWants',
  },
  {
    name: 'cancel-forgotten-while-busy',
    bug: 'a cancel that waits for the stream is lost',
    file: 'wantlist/merge-entry.ts',
    replace: 'return held ? entry : undefined',
    by: 'return undefined',
  },
  {
    name: 'want-lost-after-failure',
    bug: 'a cancel of a want whose cancel could not be sent is never sent',
    file: 'message-queue/message-queue.ts',
    replace: 'if (type === \'cancel\') held.add(multihashKey(cid))',
    by: '',
  },
  {
    name: 'two-sends-at-a-time',
    bug: 'a message is begun while another is being written',
    file: 'operators/buffer-exhaust-map.ts',
    replace: 'projecting = true',
    by: 'projecting = false',
  },
  {
    name: 'waiting-dropped',
    bug: 'what waited during a write is never sent',
    file: 'operators/buffer-exhaust-map.ts',
    replace: 'projecting = false\n    drain()',
    by: 'projecting = false\n    waiting = seed()',
  },
  {
    name: 'have-never-replaced',
    bug: 'a want-have for a small block gets a HAVE',
    file: 'server/respond.ts',
    replace: 'finding <= replaceHaveMaxBytes ? \'block\' : \'have\'',
    by: 'finding < 0 ? \'block\' : \'have\'',
  },
  {
    name: 'subscription-lost',
    bug: 'a want for a block we lack is forgotten once it was answered',
    file: 'server/ledger.ts',
    replace: 'if (standing === \'lacking\') subscribe(ledger, key)',
    by: 'if (standing === \'lacking\') ledger.wants.delete(key)',
  },
  {
    name: 'accounts-outlive-the-peer',
    bug: 'a peer that comes back finds what was traded before',
    file: 'server/ledger.ts',
    replace: 'byPeer.delete(ledger.key)',
    by: '',
  },
  {
    name: 'cap-off-by-one',
    bug: 'one want more than the limit is kept for a peer',
    file: 'server/admission.ts',
    replace: 'ledger.wants.size < maxEntries',
    by: 'ledger.wants.size <= maxEntries',
  },
  {
    name: 'lacking-never-evicted',
    bug: 'a list full of absent blocks keeps out those that are here',
    file: 'server/admission.ts',
    replace: ': a.standing === \'lacking\'',
    by: ': a.standing === \'found\'',
  },
  {
    name: 'order-of-service-reversed',
    bug: 'a peer gets what it wants least first',
    file: 'server/queued-tasks.ts',
    replace: 'priorityQueue<Task>(isBefore,',
    by: 'priorityQueue<Task>((a, b) => a.priority < b.priority || isBefore(a, b),',
  },
  {
    name: 'served-want-kept',
    bug: 'a want whose block was sent stays in the ledger',
    file: 'server/booking.ts',
    replace: `    ledgers.drop(ledger, key)
    lookUps`,
    by: '    lookUps',
  },
  {
    name: 'notify-not-heard',
    bug: 'a block that is put is not pushed to who waits for it',
    file: 'server/notifications.ts',
    replace: 'if (ledgers.waitingFor(key) === undefined) continue',
    by: 'continue',
  },
  {
    name: 'fetched-not-pushed',
    bug: 'a block that we fetch is not pushed to who wants it of us',
    file: 'hand-on.ts',
    replace: 'deps.input.next({ type: \'blocks-received\'',
    by: 'void ({ type: \'blocks-received\'',
  },
  {
    name: 'jitter-ignored',
    bug: 'an uneven peer has no more time than an even one',
    file: 'client/dont-have-timeout.ts',
    replace: 'latencyMs * LATENCY_MULTIPLIER + jitterMs * JITTER_MULTIPLIER,',
    by: 'latencyMs * LATENCY_MULTIPLIER,',
  },
]
