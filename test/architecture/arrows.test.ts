import { ESLint } from 'eslint'
import { describe, expect, it } from 'vitest'

/** What each room may know of the others: docs/architecture.md, written out a second time. */
const KNOWS: Record<string, readonly string[]> = {
  operators: [],
  message: [],
  wantlist: ['operators', 'message'],
  client: ['operators', 'message', 'wantlist'],
  server: ['operators', 'message', 'wantlist'],
  'message-queue': ['operators', 'message', 'wantlist'],
  network: ['operators', 'message'],
  observe: ['operators', 'message', 'wantlist'],
  adapters: ['operators', 'message', 'wantlist', 'network', 'observe'],
}
const CORE = ['operators', 'message', 'wantlist', 'client', 'server', 'message-queue']
const TOP = ['bitswap.ts', 'hand-on.ts', 'life.ts', 'create-exchange.ts']
const ROOMS = [...Object.keys(KNOWS), 'testing', 'cli']

const RULES = [
  '@typescript-eslint/no-restricted-imports',
  'no-restricted-globals',
  'no-restricted-properties',
  'no-restricted-syntax',
]

const eslint = new ESLint({
  // The rules under test need no types, and the snippets are in no TypeScript project.
  overrideConfig: { languageOptions: { parserOptions: { projectService: false } } },
  ruleFilter: ({ ruleId }) => RULES.includes(ruleId),
})

const faultsOf = async (code: string, filePath: string): Promise<string[]> => {
  const [result] = await eslint.lintText(code, { filePath: `src/${filePath}` })
  return result!.messages.map(({ ruleId, message }) => ruleId ?? message)
}

const refuses = async (code: string, filePath: string) => {
  expect(await faultsOf(code, filePath), `${filePath}: ${code}`).not.toEqual([])
}
const allows = async (code: string, filePath: string) => {
  expect(await faultsOf(code, filePath), `${filePath}: ${code}`).toEqual([])
}

describe('arrows between rooms', () => {
  for (const [room, known] of Object.entries(KNOWS)) {
    for (const other of ROOMS.filter((name) => name !== room)) {
      const allowed = known.includes(other)
      it(`${room} ${allowed ? 'may' : 'may not'} import ${other}`, async () => {
        const check = allowed ? allows : refuses
        await check(`import { it } from '../${other}/it.ts'`, `${room}/file.ts`)
        await check(`import type { It } from '../../${other}/it.ts'`, `${room}/folder/file.ts`)
        await check(`export * from '../${other}/it.ts'`, `${room}/file.ts`)
      })
    }
    it(`${room} may not import the public surface`, async () => {
      await refuses('import { createBitswap } from \'../index.ts\'', `${room}/file.ts`)
    })
    it(`${room} may import its own files`, async () => {
      await allows('import { it } from \'./it.ts\'', `${room}/file.ts`)
    })
  }

  it('the ports know the message; message and operators do not know the ports', async () => {
    await refuses('import type { Clock } from \'../ports.ts\'', 'message/file.ts')
    await refuses('import type { BitswapEvent } from \'../events.ts\'', 'message/file.ts')
    await refuses('import type { Clock } from \'../ports.ts\'', 'operators/file.ts')
  })

  it.each(['network', 'adapters', 'cli', 'testing'])(
    'the top of the core may not import %s',
    async (room) => {
      for (const file of TOP) await refuses(`import { it } from './${room}/it.ts'`, file)
    },
  )
  it.each([...CORE, 'observe'])('the composition root may import %s', async (room) =>
    allows(`import { it } from './${room}/it.ts'`, 'bitswap.ts'))

  it.each(['cli', 'testing'])('the public surface may not import %s', async (room) =>
    refuses(`export * from './${room}/it.ts'`, 'index.ts'))

  it('observers know what the cores say, not the cores', async () => {
    await allows('import type { It } from \'../client/contract.ts\'', 'observe/file.ts')
    await refuses('import { it } from \'../client/wants.ts\'', 'observe/file.ts')
  })
})

const PURE = [...CORE.map((room) => `${room}/file.ts`), 'bitswap.ts', 'hand-on.ts']

describe.each(PURE)('%s is pure', (file) => {
  it.each([
    'export const now = Date.now()',
    'export const now = new Date()',
    'export const now = performance.now()',
    'export const luck = Math.random()',
    'setTimeout(() => {}, 1)',
    'setInterval(() => {}, 1)',
    'queueMicrotask(() => {})',
    'export const later = Promise.resolve()',
    'export type Later = Promise<void>',
    'export const later = async () => {}',
    'export const lazy = () => import(\'rxjs\')',
    'export const bytes = Buffer.alloc(1)',
    'console.log(1)',
    'export const now = globalThis.Date.now()',
  ])('refuses %s', async (code) => refuses(code, file))

  it.each(['libp2p', '@libp2p/interface', '@multiformats/multiaddr', 'node:crypto', 'it-all'])(
    'takes no value from %s',
    async (name) => refuses(`import { it } from '${name}'`, file),
  )
  it('may use the types of libp2p', async () =>
    allows('import type { PeerId } from \'@libp2p/interface\'', file))
})

describe('RxJS', () => {
  it.each(CORE)('%s may not use the clock of RxJS', async (room) => {
    await refuses('import { timer } from \'rxjs\'', `${room}/file.ts`)
    await refuses('import { asyncScheduler } from \'rxjs\'', `${room}/file.ts`)
    await refuses('import { firstValueFrom } from \'rxjs\'', `${room}/file.ts`)
  })
  it.each([...CORE, 'network', 'observe', 'adapters', 'testing'])(
    '%s may not use the banned operators',
    async (room) => {
      await refuses('import { groupBy } from \'rxjs\'', `${room}/file.ts`)
      await refuses('import { map } from \'rxjs/operators\'', `${room}/file.ts`)
      await allows('import { map, Observable, Subject } from \'rxjs\'', `${room}/file.ts`)
    },
  )
})
