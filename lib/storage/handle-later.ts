import type { Readable } from 'node:stream'

/** An abort before the stream is read would be an uncaught exception. Its reader gets the error all the same. */
export function handleLater<T extends Readable>(stream: T) {
  stream.on('error', () => undefined)
  return stream
}
