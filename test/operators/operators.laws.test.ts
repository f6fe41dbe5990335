import { of } from 'rxjs'
import { bufferExhaustMap, pullMap, stateOf } from '../../src/operators/index.ts'
import { laws } from './laws.ts'

const pullOptions = { concurrency: 1, maxWaiting: 1_000, overflow: () => new Error('overflow') }

laws({
  name: 'bufferExhaustMap',
  operator: bufferExhaustMap((batch) => batch),
})
laws({
  name: 'bufferExhaustMap with a buffer',
  operator: bufferExhaustMap((sum: number | undefined) => of(sum), {
    seed: () => undefined,
    merge: (sum: number | undefined, value: number) => (sum ?? 0) + value,
    isEmpty: (sum) => sum === undefined,
  }),
})
laws({
  name: 'pullMap',
  operator: (source$) => pullMap(source$, (value) => of(value), pullOptions),
})
laws({
  name: 'pullMap, ordered',
  operator: (source$) => pullMap(source$, (value) => of(value), { ...pullOptions, ordered: true }),
})
laws({
  name: 'stateOf',
  startsWithValue: true,
  operator: (source$) => {
    let changes = 0
    return stateOf(() => changes++, source$)
  },
})
