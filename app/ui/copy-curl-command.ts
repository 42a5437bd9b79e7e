import type { CurlRequest } from '@/lib/http/curl-command'
import { copyText } from './copy-text'

export interface CurlAction {
  /** The name of the button that sends the request. */
  label: string
  request: CurlRequest
}

/** Copies the command that sends a request, for a shell in which MEANWHILE_API_KEY is set. */
export async function copyCurlCommand(request: CurlRequest) {
  const { toCurlCommand } = await import('@/lib/http/curl-command')
  await copyText(toCurlCommand(request, window.location.origin), 'command')
}
