import { useRef } from 'react'
import { uuid } from './uuid'

/**
 * Returns the idempotency key of a request: the same one for a repetition after no response, so that it never takes effect
 * twice, until `renew` is called because a request succeeded.
 */
export function useIdempotencyKey() {
  const last = useRef<{ body: string; key: string } | null>(null)
  return {
    keyOf(input: object) {
      const body = JSON.stringify(input)
      if (last.current?.body !== body) last.current = { body, key: uuid() }
      return last.current.key
    },
    renew: () => void (last.current = null),
  }
}
