import { createHash, timingSafeEqual } from 'node:crypto'

const sha256 = (text: string) => createHash('sha256').update(text).digest()

/** Whether two secrets are equal, in a time that reveals neither where they differ nor their length. */
export const isEqualTimingSafe = (a: string, b: string) => timingSafeEqual(sha256(a), sha256(b))
