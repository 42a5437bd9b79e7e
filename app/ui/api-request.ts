'use client'

import * as messages from '@/lib/generated/messages/ui'
import { toast } from './toast'
import { confirmIdentity } from './identity-check'

export interface ApiRequest {
  url: string
  /** `GET` unless given. */
  method?: string
  /** Sent as JSON, or as it is if it is a file. */
  body?: object
  headers?: Record<string, string>
  /** Lets the request outlive the page. */
  keepalive?: boolean
  /** Error statuses that count as success, such as 404 for a deletion. */
  acceptedStatuses?: number[]
  /** Replaces the server’s own message when the request fails. */
  errorMessage?: string
}

/**
 * Sends JSON to the API, after a confirmation of the identity where that is needed, and shows a toast when that fails.
 * @returns whether it succeeded
 */
export async function sendApiRequest<T>(request: ApiRequest, onSuccess?: (result: T) => void) {
  const { acceptedStatuses, errorMessage } = request
  const response = await requestApi(request)
  if (!response || !(response.ok || acceptedStatuses?.includes(response.status))) {
    toast.error(errorMessage ?? (await readErrorMessage(response)))
    return false
  }
  onSuccess?.((response.status === 204 ? undefined : await response.json()) as T)
  return true
}

/** Sends JSON to the API, again after a confirmation of the identity where that is needed. Null without a response. */
export async function requestApi(request: ApiRequest) {
  const response = await send(request)
  return (await needsConfirmation(response)) && (await confirmIdentity()) ? send(request) : response
}

const send = ({ url, method, body, headers, keepalive }: ApiRequest) =>
  fetch(url, {
    method,
    headers: { ...(body && { 'content-type': readContentType(body) }), ...headers },
    body: body instanceof Blob ? body : body && JSON.stringify(body),
    keepalive,
  }).catch(() => null)

const readContentType = (body: object) =>
  body instanceof Blob ? 'application/octet-stream' : 'application/json'

async function needsConfirmation(response: Response | null) {
  if (response?.status !== 403) return false
  const problem = (await response
    .clone()
    .json()
    .catch(() => null)) as { code?: string } | null
  return problem?.code === 'account.reauthentication_required'
}

async function readErrorMessage(response: Response | null) {
  const problem = (await response?.json().catch(() => null)) as { title?: string; detail?: string } | null
  return (problem && [problem.title, problem.detail].filter(Boolean).join(' ')) || messages.noResponse()
}
