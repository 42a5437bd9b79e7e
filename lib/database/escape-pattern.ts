/** Escapes what has a meaning in a pattern of LIKE, which Prisma's `contains` also is. */
export const escapePattern = (text: string) => text.replaceAll(/[\\%_]/g, String.raw`\$&`)
