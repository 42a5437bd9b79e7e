'use client'

import { toast } from 'sonner'

const NO_RESPONSE_MESSAGE = 'The server did not respond. Try again.'

interface ApiRequest {
  url: string
  /** `GET` unless given. */
  method?: string
  body?: object
  headers?: Record<string, string>
  /** Lets the request outlive the page. */
  keepalive?: boolean
  /** Error statuses that count as success, such as 404 for a deletion. */
  acceptedStatuses?: number[]
  /** Replaces the server’s own message when the request fails. */
  errorMessage?: string
}

/** Sends JSON to the API and shows a toast when that fails. @returns whether it succeeded */
export async function sendApiRequest<T>(
  { url, method, body, headers, keepalive, acceptedStatuses, errorMessage }: ApiRequest,
  onSuccess?: (result: T) => void,
) {
  const response = await fetch(url, {
    method,
    headers: { ...(body && { 'content-type': 'application/json' }), ...headers },
    body: body && JSON.stringify(body),
    keepalive,
  }).catch(() => null)
  if (!response || !(response.ok || acceptedStatuses?.includes(response.status))) {
    toast.error(errorMessage ?? (await readErrorMessage(response)))
    return false
  }
  onSuccess?.((response.status === 204 ? undefined : await response.json()) as T)
  return true
}

async function readErrorMessage(response: Response | null) {
  const problem = (await response?.json().catch(() => null)) as { title?: string; detail?: string } | null
  return (problem && [problem.title, problem.detail].filter(Boolean).join(' ')) || NO_RESPONSE_MESSAGE
}
