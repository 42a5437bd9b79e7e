import { toast } from './toast'

/** Copies text and confirms it. `name` is what it is: "the key". */
export async function copyText(text: string, name: string) {
  try {
    // Undefined outside secure contexts, such as plain HTTP on a LAN.
    await navigator.clipboard.writeText(text)
    toast('Copied')
  } catch {
    toast.error(`Couldn’t copy. Select ${name} and copy it yourself.`)
  }
}
