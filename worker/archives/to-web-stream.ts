import { ReadableStream as NodeStream } from 'node:stream/web'

/**
 * A web stream, as age-encryption needs, that reads when it is read. `Readable.toWeb` would throw an uncaught exception if it
 * were canceled while its source has data.
 */
export const toWebStream = (data: AsyncIterable<Uint8Array>) =>
  NodeStream.from(data) as unknown as ReadableStream<Uint8Array>
