/** Starts to read items at once, and stays one ahead of what is consumed. `close` ends the source; call it in any case. */
export function readAhead<T>(source: AsyncGenerator<T>) {
  const readNext = () => {
    const result = source.next()
    // Its error surfaces when it is consumed.
    result.catch(() => undefined)
    return result
  }
  let next = readNext()
  return {
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const result = await next
        if (result.done) return
        next = readNext()
        yield result.value
      }
    },
    close: async () => void (await source.return(undefined)),
  }
}
