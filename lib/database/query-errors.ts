import pg from 'pg'
import { Prisma } from '../generated/prisma/client'

/** Prisma's codes: unique constraint, foreign key, write conflict or deadlock, row not found by a write. */
const CONFLICT_CODES = ['P2002', 'P2003', 'P2034', 'P2025']
/** SQLSTATE of the same, as raw queries report them: unique constraint, foreign key, serialization failure, deadlock. */
const CONFLICT_SQLSTATES = ['23505', '23503', '40001', '40P01']
/** SQLSTATE of a null character in text and in JSON, of a number out of range, and of malformed JSON or UUIDs. */
const INVALID_VALUE_SQLSTATES = ['22021', '22P05', '22003', '22P02']

/** Whether a query failed because another request changed or deleted the same rows meanwhile. */
export const isConflict = (error: unknown) =>
  (isPrismaError(error) && CONFLICT_CODES.includes(error.code)) ||
  CONFLICT_SQLSTATES.includes(readSqlState(error) ?? '')

/** Whether a query failed because Postgres cannot store one of its values. */
export const isInvalidValue = (error: unknown) => INVALID_VALUE_SQLSTATES.includes(readSqlState(error) ?? '')

const isPrismaError = (error: unknown) => error instanceof Prisma.PrismaClientKnownRequestError

/** Of a statement that was executed by Prisma or directly. */
function readSqlState(error: unknown) {
  if (error instanceof pg.DatabaseError) return error.code
  if (!isPrismaError(error)) return undefined
  const adapterError = error.meta?.driverAdapterError as { cause?: { originalCode?: string } } | undefined
  return adapterError?.cause?.originalCode
}
