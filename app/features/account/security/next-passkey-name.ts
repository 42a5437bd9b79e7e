import * as messages from '@/lib/generated/messages/account'

/** "Passkey 3" if no other has this name, otherwise the next free number. */
export function nextPasskeyName(names: readonly string[]) {
  for (let number = names.length + 1; ; number++) {
    const name = messages.numberedPasskey({ number })
    if (!names.includes(name)) return name
  }
}
