type IdentityCheck = () => Promise<boolean>

let registered: IdentityCheck | undefined
let current: Promise<boolean> | undefined

/** Registers the dialog of the page that asks users to confirm their identity. Returns a function that removes it. */
export function registerIdentityCheck(check: IdentityCheck) {
  registered = check
  return () => {
    if (registered === check) registered = undefined
  }
}

/** Asks the user to confirm the identity. Concurrent calls share one answer. @returns whether it was confirmed */
export function confirmIdentity() {
  if (!registered) return Promise.resolve(false)
  current ??= registered().finally(() => (current = undefined))
  return current
}
