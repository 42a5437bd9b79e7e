import pg from 'pg'
import {
  connectDirectly,
  type DirectTransaction,
  markErrors,
  type PoolOwner,
  queryConnection,
} from './direct-query'

/** As long as a whole transaction of Prisma. */
const STATEMENT_TIMEOUT_MS = 20_000

const BEGIN = `BEGIN; SET LOCAL statement_timeout = ${STATEMENT_TIMEOUT_MS}`

/**
 * Runs `work` in a transaction of a client that `openDb` opened, without Prisma. Statements that `work` sends without waiting
 * for the answers in between are executed in their order and take one round trip together; after one that fails, all of them
 * fail. A statement is canceled after 20 s.
 * @throws what `work` throws; its statements throw errors of pg
 */
export async function runDirectTransaction<Result>(
  db: PoolOwner,
  work: (tx: DirectTransaction) => Promise<Result>,
): Promise<Result> {
  const connection = await connectDirectly(db)
  // Its statements fail when it is lost; the pool listens to idle connections only.
  const ignoreLoss = () => undefined
  connection.on('error', ignoreLoss)
  const release = () => {
    connection.off('error', ignoreLoss)
    connection.release()
  }
  let isOpen = true
  let failure: unknown
  const tx: DirectTransaction = {
    async query(sql) {
      // A statement that `work` sends after it has failed must not be executed alone.
      if (!isOpen) throw new Error('the transaction has ended')
      try {
        return await queryConnection(connection, sql)
      } catch (error) {
        failure ??= error
        throw error
      }
    },
  }
  try {
    // Sent together with the first statements of `work`.
    const [, result] = await Promise.all([markErrors(connection.query(BEGIN)), work(tx)])
    isOpen = false
    await commit(connection)
    release()
    return result
  } catch (error) {
    isOpen = false
    await connection
      .query('ROLLBACK')
      .then(release, (rollbackError: Error) => connection.release(rollbackError))
    throw isConsequence(error) ? (failure ?? error) : error
  }
}

/** Whether a statement failed only because one before it had failed. */
const isConsequence = (error: unknown) => error instanceof pg.DatabaseError && error.code === '25P02'

/** Postgres rolls a transaction back, without an error, if the failure of a statement was ignored. */
async function commit(connection: pg.ClientBase) {
  const { command } = await markErrors(connection.query('COMMIT'))
  if (command !== 'COMMIT') throw new Error('the transaction was rolled back because a statement failed')
}
