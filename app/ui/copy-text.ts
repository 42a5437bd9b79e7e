import * as messages from '@/lib/generated/messages/ui'
import { toast } from './toast'

/** What is copied, for the message that it failed. */
export type CopiedText = 'codes' | 'command' | 'key' | 'link' | 'links' | 'passphrase' | 'secret' | 'text'

/** Copies text and confirms it. */
export async function copyText(text: string, what: CopiedText) {
  try {
    // Undefined outside secure contexts, such as plain HTTP on a LAN.
    await navigator.clipboard.writeText(text)
    toast(messages.copied())
  } catch {
    toast.error(messages.copyFailed({ what }))
  }
}
