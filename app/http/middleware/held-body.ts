import * as messages from '@/lib/generated/messages/http-errors'
import type { IncomingMessage } from 'node:http'
import { AppError } from '@/lib/errors'
import type { BodyBudget } from './body-budget'

interface Allowance {
  budget: BodyBudget
  /** Whose share of the budget the body uses. */
  sender: string
  maxBytes: number
  totalTimeoutMs: number
  tooLargeError(): AppError
}

interface Options {
  /** Bytes accepted before `receive` is called; a client that sends more has to wait. */
  initialBytes: number
  /** Upper bound of every allowance. */
  maxBytes: number
  idleTimeoutMs: number
}

/**
 * Holds back the body of a request until it is complete. Intercepts `push` instead of reading: Next.js rejects a body
 * that has already been read from.
 */
export class HeldBody {
  // One growing buffer, because a body may arrive in as many chunks as it has bytes.
  readonly #buffer: ArrayBuffer
  readonly #push: IncomingMessage['push']
  readonly #settled = Promise.withResolvers<void>()
  #allowance: Allowance | undefined
  #reservedBytes = 0
  #isEnded = false
  #isTooLarge = false
  #isSettled = false
  #timers: NodeJS.Timeout[] = []

  constructor(
    private readonly request: IncomingMessage,
    private readonly options: Options,
  ) {
    this.#buffer = new ArrayBuffer(0, { maxByteLength: options.maxBytes })
    this.#push = request.push.bind(request)
    request.push = (chunk: Buffer | null) => this.#add(chunk)
    request.once('close', () => this.#settle(new Error('the client disconnected')))
    // Awaited by `receive` only.
    this.#settled.promise.catch(() => undefined)
    this.#startTimer(options.idleTimeoutMs)
  }

  /**
   * Resolves when the body is complete; the request can then be read.
   * @throws {AppError} request.too_large, request.timeout, request.too_many, server.busy
   */
  receive(allowance: Allowance) {
    this.#allowance = allowance
    this.#startTimer(allowance.totalTimeoutMs)
    this.#check()
    // Continues a client that has sent `initialBytes`.
    if (!this.#isSettled) this.request.socket.resume()
    return this.#settled.promise
  }

  /** Returns the share of the budget. Call it once the request is answered. Idempotent. */
  release() {
    this.#allowance?.budget.release(this.#allowance.sender, this.#reservedBytes)
    this.#reservedBytes = 0
    this.#settle(new Error('the request was answered'))
  }

  #add(chunk: Buffer | null) {
    const { byteLength } = this.#buffer
    this.#timers[0]?.refresh()
    if (chunk === null) this.#end()
    else if (byteLength + chunk.length > this.options.maxBytes) this.#isTooLarge = true
    else if (!this.#isTooLarge) {
      this.#buffer.resize(byteLength + chunk.length)
      new Uint8Array(this.#buffer).set(chunk, byteLength)
    }
    this.#check()
    return Boolean(this.#allowance) || this.#buffer.byteLength <= this.options.initialBytes
  }

  #end() {
    this.#isEnded = true
    this.#stopTimers()
  }

  #check() {
    if (!this.#allowance || this.#isSettled) return
    const { byteLength } = this.#buffer
    const { budget, maxBytes, sender } = this.#allowance
    if (this.#isTooLarge || byteLength > maxBytes) return this.#settle(this.#allowance.tooLargeError())
    try {
      budget.reserve(sender, byteLength - this.#reservedBytes)
      this.#reservedBytes = byteLength
    } catch (error) {
      return this.#settle(error)
    }
    if (this.#isEnded) this.#settle()
  }

  #settle(error?: unknown) {
    if (this.#isSettled) return
    this.#isSettled = true
    this.#stopTimers()
    this.request.push = this.#push
    if (error !== undefined) {
      this.#buffer.resize(0)
      return this.#settled.reject(error)
    }
    if (this.#buffer.byteLength > 0) this.#push(Buffer.from(this.#buffer.transferToFixedLength()))
    this.#push(null)
    this.#settled.resolve()
  }

  #stopTimers() {
    for (const timer of this.#timers) clearTimeout(timer)
  }

  #startTimer(delayMs: number) {
    if (!this.#isEnded) this.#timers.push(setTimeout(() => this.#settle(timeoutError()), delayMs).unref())
  }
}

const timeoutError = () =>
  new AppError({
    code: 'request.timeout',
    message: messages.bodyTimeout(),
    status: 408,
  })
