type IdentityCheck = () => Promise<boolean>

let registered: IdentityCheck | undefined

/** Registers the dialog of the page that asks users to confirm their identity. Returns a function that removes it. */
export function registerIdentityCheck(check: IdentityCheck) {
  registered = check
  return () => {
    if (registered === check) registered = undefined
  }
}

/** Asks the user to confirm the identity. @returns whether it was confirmed */
export const confirmIdentity = () => registered?.() ?? Promise.resolve(false)
