import type { Prisma } from '../generated/prisma/client'

/** Matches uploads that a client sends, not those into which a worker fetches a file. */
export const notImported = {
  NOT: { earlyVideo: { import: { isNot: null } } },
} satisfies Prisma.UploadWhereInput
