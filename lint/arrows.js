/**
 * The architecture as lint rules: which room may import which, and that the core knows neither
 * time, chance nor I/O. `test/architecture` lints a bad snippet for every arrow, so that each is
 * known to hold. The picture of it is in docs/architecture.md.
 */

/** Each loses values, leaks or deadlocks here; docs/decisions.md, D-002 and D-009. */
export const BANNED_OPERATORS = [
  'groupBy',
  'shareReplay',
  'bufferTime',
  'bufferToggle',
  'bufferWhen',
  'repeatWhen',
  'retryWhen',
]

/** RxJS's own clock and its bridges to promises: the core has a `Clock` port instead; D-005. */
const IMPURE_RXJS = [
  'animationFrameScheduler',
  'asapScheduler',
  'asyncScheduler',
  'auditTime',
  'debounceTime',
  'delay',
  'firstValueFrom',
  'interval',
  'lastValueFrom',
  'sampleTime',
  'throttleTime',
  'timeInterval',
  'timeout',
  'timer',
  'timestamp',
  'windowTime',
]

/** What a room that knows neither time, chance nor I/O may not name. */
const IMPURE_GLOBALS = [
  'AbortController',
  'AbortSignal',
  'Buffer',
  'Date',
  'Promise',
  'clearInterval',
  'clearTimeout',
  'console',
  'crypto',
  'fetch',
  'globalThis',
  'performance',
  'process',
  'queueMicrotask',
  'setImmediate',
  'setInterval',
  'setTimeout',
]

/** Root files that carry the shared contracts. */
const CONTRACTS = ['errors.ts', 'options.ts', 'ports.ts', 'events.ts', 'exchange.ts']

const CORE_PACKAGES = ['rxjs', 'multiformats']

/**
 * The arrows of docs/architecture.md: what a room may import from inside (`rooms`, root `files`)
 * and whose values from outside (`packages`). A room without `packages` may use any.
 */
const ROOMS = [
  { name: 'operators', rooms: [], files: [], packages: ['rxjs'], pure: true },
  {
    name: 'message',
    rooms: [],
    files: ['errors.ts', 'options.ts'],
    packages: [...CORE_PACKAGES, 'protons-runtime', 'uint8arraylist'],
    pure: true,
  },
  ...['wantlist', 'client', 'server', 'message-queue'].map((name) => ({
    name,
    rooms: ['operators', 'message', ...(name === 'wantlist' ? [] : ['wantlist'])],
    files: CONTRACTS,
    packages: CORE_PACKAGES,
    pure: true,
  })),
  { name: 'network', rooms: ['operators', 'message'], files: CONTRACTS },
  {
    name: 'observe',
    rooms: ['operators', 'message', 'wantlist'],
    files: [...CONTRACTS, 'client/contract.ts', 'server/contract.ts'],
  },
  {
    name: 'adapters',
    rooms: ['operators', 'message', 'wantlist', 'network', 'observe'],
    files: [...CONTRACTS, 'bitswap.ts', 'create-exchange.ts'],
  },
  {
    name: 'testing',
    rooms: [
      ...['operators', 'message', 'wantlist', 'client', 'server', 'message-queue'],
      ...['network', 'observe', 'adapters'],
    ],
    files: [...CONTRACTS, 'bitswap.ts', 'create-exchange.ts', 'index.ts'],
  },
]

const oneOf = (words) => words.map((word) => word.replaceAll('.', '\\.')).join('|')

/** Everything that leaves a room, `depth` folders below `src`, but does not go where it may. */
const leavesFor = ({ rooms, files }, depth) => {
  const up = '\\.\\./'.repeat(depth)
  const allowed = [
    ...(rooms.length === 0 ? [] : [`(?:${oneOf(rooms)})/`]),
    ...(files.length === 0 ? [] : [`(?:${oneOf(files)})$`]),
  ]
  return allowed.length === 0 ? `^${up}` : `^${up}(?!${allowed.join('|')})`
}

/** Values of packages that are I/O or libp2p; their types are free. */
const portsFor = ({ name, packages }) => ({
  regex: `^(?!\\.|(?:${oneOf(packages)})(?:/|$))`,
  allowTypeImports: true,
  message: `'${name}' takes no values from this package: bring it in as a port.`,
})

const importRules = (room, depth) => [
  'error',
  {
    paths: [
      {
        name: 'rxjs',
        importNames: [...BANNED_OPERATORS, ...(room.pure ? IMPURE_RXJS : [])],
        message: room.pure
          ? 'Time comes in through the Clock port; see docs/decisions.md.'
          : 'This operator loses values, leaks or deadlocks here; see docs/decisions.md.',
      },
    ],
    patterns: [
      { regex: '^rxjs/operators|^rxjs/internal', message: 'Import from \'rxjs\'.' },
      {
        regex: leavesFor(room, depth),
        message: `'${room.name}' may not know this; the arrows are in docs/architecture.md.`,
      },
      ...(room.packages === undefined ? [] : [portsFor(room)]),
    ],
  },
]

const PURITY = {
  'no-restricted-globals': [
    'error',
    ...IMPURE_GLOBALS.map((name) => ({
      name,
      message: 'The core is pure: time, chance and I/O come in as ports.',
    })),
  ],
  'no-restricted-properties': [
    'error',
    { object: 'Math', property: 'random', message: 'Chance comes in as the Random port.' },
  ],
  'no-restricted-syntax': [
    'error',
    {
      selector:
        ':function[async=true], AwaitExpression, ForOfStatement[await=true], '
        + 'TSTypeReference[typeName.name="Promise"]',
      message: 'No promises in the core: a port returns an Observable.',
    },
    { selector: 'ImportExpression', message: 'A hidden arrow: import at the top.' },
  ],
}

const room = (description) => [
  ...[1, 2, 3].map((depth) => ({
    files: [`src/${description.name}/${'*/'.repeat(depth - 1)}*.ts`],
    rules: { '@typescript-eslint/no-restricted-imports': importRules(description, depth) },
  })),
  ...(description.pure ? [{ files: [`src/${description.name}/**/*.ts`], rules: PURITY }] : []),
]

/** What stands at the top of `src` ties the core together; the public surface sees the rest. */
const TOP = ['network', 'adapters', 'cli', 'testing']

const top = ({ files, rooms = TOP, packages, pure }) => ({
  files,
  rules: {
    ...(pure ? PURITY : {}),
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex: `^\\./(?:${oneOf(rooms)})/`,
            message: 'The core is tied together without the world, which comes in as ports.',
          },
          ...(packages === undefined ? [] : [portsFor({ name: 'The core', packages })]),
        ],
      },
    ],
  },
})

const TOPS = [
  { files: ['src/bitswap.ts', 'src/hand-on.ts'], packages: CORE_PACKAGES, pure: true },
  { files: ['src/life.ts', 'src/create-exchange.ts'], packages: CORE_PACKAGES },
  { files: ['src/index.ts'], rooms: ['cli', 'testing'] },
]

export const architecture = [...ROOMS.flatMap(room), ...TOPS.map(top)]
