import type { Operations, Problem } from './operations'
import { buildPath } from './request-path'

/** An operation of the API, such as `GET /api/v1/videos/{id}`. */
export type OperationName = keyof Operations
/** What an operation takes: path parameters, query, headers and body. */
export type RequestOf<Name extends OperationName> = Omit<Operations[Name], 'response'>
export type ResponseOf<Name extends OperationName> = Operations[Name]['response']

/** Operations whose response is JSON or empty. */
type JsonOperation = {
  [Name in OperationName]: ResponseOf<Name> extends Response ? never : Name
}[OperationName]

/** The request may be left out where nothing in it is required. */
type RequestArguments<Name extends OperationName> =
  Record<never, never> extends RequestOf<Name>
    ? [request?: RequestOf<Name> & RequestOptions]
    : [request: RequestOf<Name> & RequestOptions]

interface RequestOptions {
  signal?: AbortSignal
}

interface AnyRequest extends RequestOptions {
  params?: object
  query?: object
  headers?: object
  body?: unknown
}

/** An error response of the API. `code` is stable, `message` is for users. */
export class ApiError extends Error {
  override name = 'ApiError'

  /** `retryAfterSeconds`: when the server takes the request again, after too many; null if it did not say. */
  constructor(
    readonly problem: Problem,
    readonly retryAfterSeconds: number | null = null,
  ) {
    super([problem.title, problem.detail].filter(Boolean).join(' '))
  }

  get code() {
    return this.problem.code
  }

  get status() {
    return this.problem.status
  }
}

/** A typed client of the API at `url` that authenticates with an API key. Each call is one request, without retries. */
export class MeanwhileClient {
  readonly url: URL

  /** @throws {TypeError} if `url` is not the URL of a server */
  constructor(private readonly options: { url: string; apiKey: string }) {
    this.url = new URL(options.url)
    if (!['http:', 'https:'].includes(this.url.protocol))
      throw new TypeError('the URL must start with http:// or https://')
  }

  /** The headers that authenticate requests which this class does not send, such as those of tus. */
  get authorization() {
    return { authorization: `Bearer ${this.options.apiKey}` }
  }

  /**
   * Performs an operation and returns its JSON, or undefined if it has no content.
   * @throws {ApiError} for an error response. @throws {TypeError} if the server does not respond
   */
  async request<Name extends JsonOperation>(
    name: Name,
    ...[request]: RequestArguments<Name>
  ): Promise<ResponseOf<Name>> {
    const response = await this.send(name, request)
    const text = await response.text()
    return (text === '' ? undefined : JSON.parse(text)) as ResponseOf<Name>
  }

  /**
   * Performs an operation and returns its response, to read files and streams.
   * @throws {ApiError} for an error response. @throws {TypeError} if the server does not respond
   */
  fetch<Name extends OperationName>(name: Name, ...[request]: RequestArguments<Name>): Promise<Response> {
    return this.send(name, request)
  }

  /**
   * Fetches a file by a URL that the API returned, such as `urls.download` of a video.
   * @throws {TypeError} for a URL of another server, which must not receive the key. @throws {ApiError} for an error
   */
  async fetchFile(at: string, { headers, signal }: RequestOptions & { headers?: object }) {
    const url = new URL(at, this.url)
    if (url.origin !== this.url.origin) throw new TypeError(`${url.origin} is another server`)
    const response = await fetch(url, { signal, headers: { ...headers, ...this.authorization } })
    if (!response.ok) throw await readError(response)
    return response
  }

  private async send(name: OperationName, request: AnyRequest = {}) {
    const [method, template] = name.split(' ') as [string, string]
    const isRaw = request.body instanceof Blob || typeof request.body === 'string'
    const { params = {}, query } = request
    const response = await fetch(new URL(buildPath(template, params, query), this.url), {
      method,
      signal: request.signal,
      headers: {
        ...(request.body !== undefined && {
          'content-type': isRaw ? 'application/octet-stream' : 'application/json',
        }),
        ...request.headers,
        ...this.authorization,
      },
      body: isRaw ? (request.body as Blob | string) : JSON.stringify(request.body),
    })
    if (!response.ok) throw await readError(response)
    return response
  }
}

async function readError(response: Response) {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  return new ApiError(await readProblem(response), Number.isFinite(seconds) ? seconds : null)
}

/** Anything else than a problem is a response of another server, such as a proxy. */
async function readProblem(response: Response): Promise<Problem> {
  const problem = (await response.json().catch(() => null)) as Problem | null
  if (typeof problem?.code === 'string') return problem
  const title = `The server responded ${response.status} ${response.statusText}`.trim()
  return { type: 'about:blank', code: 'http.unexpected', title, status: response.status }
}
