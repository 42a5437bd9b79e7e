import { Prisma } from '../generated/prisma/client'
import { findStoredMessage } from '../i18n/stored-message'

/** The columns of a note that was formatted just before. */
export const describeNote = (note: string | null) => ({
  note,
  noteSource: findStoredMessage(note) ?? Prisma.DbNull,
})
