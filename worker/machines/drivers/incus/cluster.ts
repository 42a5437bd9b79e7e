import { waitUntil } from '@/lib/concurrency/wait-until'
import { AppError } from '@/lib/errors'
import { loadClientCertificate, loadServerCertificate } from './certificates'
import { clusterRefused, isNotFound } from './incus-errors'
import type { IncusSettings } from './incus-settings'
import { type OnProgress, OperationEvents } from './operation-events'
import { type ApiRequest, Transport } from './transport'
import * as messages from '@/lib/generated/messages/machine-driver-errors'

/** What a request to the root of the API returns, as far as it is used. */
export interface ServerInfo {
  auth: 'trusted' | 'untrusted'
  environment: {
    server: string
    server_version: string
    driver: string
    kernel_architecture: string
    certificate_fingerprint: string
    addresses?: string[]
  }
}

export interface Instance {
  name: string
  type: 'container' | 'virtual-machine'
  status: string
  status_code: number
  last_used_at: string
  config: Record<string, string>
  devices: Record<string, Record<string, string>>
}

export interface Operation {
  id: string
  created_at: string
  status_code: number
  err: string
  metadata: Record<string, unknown> | null
  resources?: Record<string, string[] | null> | null
}

const OPERATION_SUCCEEDED = 200
const CANCEL_INTERVAL_MS = 200
const CANCEL_TIMEOUT_MS = 10_000

/** The API of the cluster within the configured project. Connects, and makes the cluster trust us, on first use. */
export class Cluster {
  private connected?: Promise<Transport>
  private readonly events = new OperationEvents(async () => {
    const transport = await this.connect()
    return transport.openWebSocket(this.inProject('/1.0/events?type=operation'))
  })

  constructor(private readonly settings: IncusSettings) {}

  /** @throws {AppError} as `Transport.request`, machine.cluster_untrusted, and those of the certificates */
  async request<T = unknown>(request: ApiRequest): Promise<T> {
    const { metadata } = await this.call(request)
    return metadata as T
  }

  /** As `request`; undefined if there is no such object. */
  async find<T>(path: string, signal?: AbortSignal): Promise<T | undefined> {
    return this.request<T>({ path, signal }).catch((error: unknown) => {
      if (isNotFound(error)) return undefined
      throw error
    })
  }

  /** Starts a background operation and returns it before it ends. */
  async startOperation(request: ApiRequest): Promise<Operation> {
    const { metadata } = await this.call(request)
    return metadata as Operation
  }

  /** Runs a background operation until its end. An abort stops waiting and, if it `isCancelable`, the operation. */
  async runOperation({
    onProgress,
    isCancelable,
    ...request
  }: ApiRequest & { onProgress?: OnProgress; isCancelable?: boolean }): Promise<Operation> {
    if (onProgress) await this.events.connect()
    const operation = await this.startOperation(request)
    const unfollow = onProgress && this.events.follow(operation.id, onProgress)
    try {
      return await this.waitForOperation(operation, request.signal)
    } catch (error) {
      if (isCancelable && request.signal?.aborted) await this.cancelOperation(operation)
      throw error
    } finally {
      unfollow?.()
    }
  }

  /** @throws {AppError} machine.cluster_refused if the operation failed */
  async waitForOperation({ id }: Pick<Operation, 'id'>, signal?: AbortSignal) {
    const ended = await this.request<Operation>({ path: `/1.0/operations/${id}/wait`, signal })
    if (ended.status_code !== OPERATION_SUCCEEDED) throw clusterRefused(ended.status_code, ended.err)
    return ended
  }

  /** Ends an operation. Some of its steps cannot be interrupted: the next attempt may succeed. */
  private async cancelOperation({ id }: Operation) {
    const path = `/1.0/operations/${id}`
    const hasEnded = async () => {
      await this.request({ method: 'DELETE', path }).catch(() => undefined)
      const operation = await this.find<Operation>(path)
      return operation === undefined || operation.status_code >= OPERATION_SUCCEEDED
    }
    await waitUntil(hasEnded, { intervalMs: CANCEL_INTERVAL_MS, timeoutMs: CANCEL_TIMEOUT_MS }).catch(
      () => undefined,
    )
  }

  async openWebSocket(operation: Operation, secret: string) {
    const transport = await this.connect()
    return transport.openWebSocket(`/1.0/operations/${operation.id}/websocket?secret=${secret}`)
  }

  private async call(request: ApiRequest) {
    const transport = await this.connect()
    return transport.request({ ...request, path: this.inProject(request.path) })
  }

  private inProject(path: string) {
    return `${path}${path.includes('?') ? '&' : '?'}project=${encodeURIComponent(this.settings.project)}`
  }

  /** Shares one attempt between concurrent callers. The next call repeats a failed one. */
  private connect() {
    this.connected ??= this.openTransport().catch((error: unknown) => {
      this.connected = undefined
      throw error
    })
    return this.connected
  }

  private async openTransport() {
    const { url, token, certificateDir } = this.settings
    if (url.startsWith('unix:')) return new Transport({ socketPath: url.replace(/^unix:(\/\/)?/, '') })
    const parsed = new URL(url)
    const client = await loadClientCertificate(certificateDir)
    const ca = await loadServerCertificate(certificateDir, { url: parsed, token })
    const transport = new Transport({ url: parsed, tls: { ...client, ca } })
    await this.requireTrust(transport)
    return transport
  }

  private async requireTrust(transport: Transport) {
    const readAuth = async () => ((await transport.request({ path: '/1.0' })).metadata as ServerInfo).auth
    if ((await readAuth()) === 'trusted') return
    const { token } = this.settings
    if (!token) throw notTrusted('Set INCUS_TOKEN to a token of `incus config trust add`.')
    // LXD before 5.21 takes the token as `password`.
    const body = { type: 'client', name: 'meanwhile', password: token, trust_token: token }
    await transport.request({ method: 'POST', path: '/1.0/certificates', body }).catch((error: Error) => {
      throw notTrusted(`It refused INCUS_TOKEN: ${error.message}`)
    })
    if ((await readAuth()) !== 'trusted') throw notTrusted('It did not accept INCUS_TOKEN.')
  }

  async close() {
    this.events.close()
    await this.connected?.then((transport) => transport.close()).catch(() => undefined)
  }
}

const notTrusted = (advice: string) =>
  new AppError({
    code: 'machine.cluster_untrusted',
    message: messages.clusterUntrusted({ advice }),
    status: 503,
  })
