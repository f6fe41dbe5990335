/** The package that an import did not find: those of the command line are optional. */
export const missingPackage = (error: unknown): string | undefined => {
  const { code, message } = error as NodeJS.ErrnoException
  if (code !== 'ERR_MODULE_NOT_FOUND') return undefined
  return /^Cannot find package '([^']+)'/.exec(message)?.[1]
}
