import * as messages from '@/lib/generated/messages/http-errors'
import { AppError } from '@/lib/errors'

interface Limits {
  totalBytes: number
  /** Of one user, or of one address while it is unknown who sends. */
  senderBytes: number
}

/** Limits the memory of the request bodies that this process holds until their requests are answered. */
export class BodyBudget {
  #totalBytes = 0
  readonly #bytesBySender = new Map<string, number>()

  constructor(private readonly limits: Limits) {}

  /** @throws {AppError} request.too_many, server.busy */
  reserve(sender: string, bytes: number) {
    const senderBytes = (this.#bytesBySender.get(sender) ?? 0) + bytes
    if (senderBytes > this.limits.senderBytes) throw tooManyBodiesError()
    if (this.#totalBytes + bytes > this.limits.totalBytes) throw busyError()
    this.#totalBytes += bytes
    this.#bytesBySender.set(sender, senderBytes)
  }

  release(sender: string, bytes: number) {
    this.#totalBytes -= bytes
    const senderBytes = (this.#bytesBySender.get(sender) ?? 0) - bytes
    if (senderBytes > 0) this.#bytesBySender.set(sender, senderBytes)
    else this.#bytesBySender.delete(sender)
  }
}

const tooManyBodiesError = () =>
  new AppError({
    code: 'request.too_many',
    message: messages.tooManyBodies(),
    status: 429,
  })

const busyError = () =>
  new AppError({
    code: 'server.busy',
    message: messages.busy(),
    status: 503,
  })
