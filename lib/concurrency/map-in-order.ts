import { Semaphore } from './semaphore'

interface Options<T, R> {
  /** Calls of `map` at once. */
  limit: number
  map(item: T): Promise<R>
}

const OVER = Symbol()
const SLOT = 'slot'

/**
 * Maps the items of a source by up to `limit` calls at once and yields the results in the order of the items. Items are read and
 * mapped ahead of the consumer, up to twice `limit` of them. Throws the first failure in that order; calls that run then, or when the
 * consumer stops, are not awaited, and no more are made. Does not end the source.
 */
export async function* mapInOrder<T, R>(
  source: AsyncIterable<T>,
  { limit, map }: Options<T, R>,
): AsyncGenerator<R, void> {
  const items = source[Symbol.asyncIterator]()
  const slots = new Semaphore(limit)
  let isStopped = false
  const mapNext = async () => {
    if (isStopped) return OVER
    const item = await items.next()
    return item.done || isStopped ? OVER : { value: await map(item.value) }
  }
  const start = () => {
    const result = slots.run(SLOT, mapNext)
    // Its error surfaces when it is consumed.
    result.catch(() => undefined)
    return result
  }
  const ahead = Array.from({ length: 2 * limit }, start)
  try {
    for (;;) {
      const result = await ahead.shift()!
      if (result === OVER) return
      ahead.push(start())
      yield result.value
    }
  } finally {
    isStopped = true
  }
}
