import { useState } from 'react'
import { type ApiRequest, requestApi } from '@/app/ui/api-request'
import * as messages from '@/lib/generated/messages/api-reference'

/** Longer responses are cut: the browser would take long to show them. */
const MAX_SHOWN_CHARACTERS = 100_000

export interface TryItResult {
  /** 0 if the server did not respond. */
  status: number
  isOk: boolean
  milliseconds: number
  text: string
  isCut: boolean
}

/** Sends a request with the session of the user, and keeps its response as text. */
export function useTryIt() {
  const [result, setResult] = useState<TryItResult>()
  const [isSending, setSending] = useState(false)
  async function send(request: ApiRequest) {
    setSending(true)
    setResult(undefined)
    const startedAt = performance.now()
    const response = await requestApi(request)
    const body = response ? await response.text().catch(() => '') : messages.serverNotResponding()
    const text = formatJson(body)
    setResult({
      status: response?.status ?? 0,
      isOk: response?.ok ?? false,
      milliseconds: Math.round(performance.now() - startedAt),
      text: text.slice(0, MAX_SHOWN_CHARACTERS),
      isCut: text.length > MAX_SHOWN_CHARACTERS,
    })
    setSending(false)
  }
  return { result, isSending, send }
}

function formatJson(text: string) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2)
  } catch {
    return text
  }
}
