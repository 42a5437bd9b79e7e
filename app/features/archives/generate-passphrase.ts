/** Without those that look alike. */
const CHARACTERS = 'abcdefghijkmnpqrstuvwxyz23456789'
const GROUPS = 6
const GROUP_LENGTH = 4

/** 120 random bits in groups of four characters. */
export function generatePassphrase() {
  const bytes = crypto.getRandomValues(new Uint8Array(GROUPS * GROUP_LENGTH))
  // 256 is a multiple of the number of characters, so that all are equally likely.
  const characters = [...bytes].map((byte) => CHARACTERS[byte % CHARACTERS.length]!)
  return Array.from({ length: GROUPS }, (_, n) =>
    characters.slice(n * GROUP_LENGTH, (n + 1) * GROUP_LENGTH).join(''),
  ).join('-')
}
