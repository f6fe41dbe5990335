/** Bytes from hexadecimal digits; what follows a `;` on a line is a comment. */
export const hex = (text: string): Uint8Array => {
  const digits = text.replaceAll(/;.*$/gm, '').replaceAll(/\s/g, '')
  return Uint8Array.from(digits.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16))
}

export const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
