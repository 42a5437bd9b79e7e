/** Ends the session and opens the sign-in page with a full page load, which clears all client state. */
export async function signOut() {
  // Every page offers it, and few need the rest of the client.
  const { authClient } = await import('./auth-client')
  await authClient.signOut()
  window.location.assign('/sign-in')
}
