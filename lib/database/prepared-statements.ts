import { createHash } from 'node:crypto'
import { Prisma } from '../generated/prisma/client'

const MARK = '/* prepared */'

/**
 * Begins a statement that Postgres parses and plans once per connection: for statements that are long and frequent, and
 * whose text takes few different values.
 */
export const prepared = Prisma.raw(MARK)

const names = new Map<string, string>()

/** The name of a statement that begins with `prepared`; empty for others. */
export function preparedStatementName({ sql }: { sql: string }) {
  if (!sql.trimStart().startsWith(MARK)) return ''
  const known = names.get(sql)
  if (known) return known
  const name = createHash('sha256').update(sql).digest('hex').slice(0, 32)
  names.set(sql, name)
  return name
}
