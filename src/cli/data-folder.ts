import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { env, platform } from 'node:process'

/** Where blocks are kept when nothing else is said: the platform's place for such data. */
export const dataFolder = (): string => join(base(), 'rx-bitswap', 'blocks')

const base = (): string => {
  const { LOCALAPPDATA, XDG_DATA_HOME } = env
  if (platform === 'win32') return LOCALAPPDATA ?? join(home(), 'AppData', 'Local')
  if (platform === 'darwin') return join(home(), 'Library', 'Application Support')
  // A relative path counts as none, say the XDG rules.
  if (XDG_DATA_HOME?.startsWith('/') === true) return XDG_DATA_HOME
  return join(home(), '.local', 'share')
}

/** A user without an entry in the system's list, as in containers, has none. */
const home = (): string => {
  try {
    return homedir()
  } catch {
    return tmpdir()
  }
}
