/** What `read` makes of the arguments. What it throws was typed wrong: exit code 2. */
export const readArguments = <T>(usage: string, read: (args: string[]) => T): T => {
  try {
    return read(process.argv.slice(2))
  } catch (error) {
    const line = (error as Error).message.replaceAll('\n', ' ')
    process.stderr.write(`${line}\n\n${usage}\n`)
    return process.exit(2)
  }
}
