/** Ends the session, with the notifications of this browser, and opens the sign-in page with a full page load, which clears all client state. */
export async function signOut() {
  // Every page offers it, and few need the rest of the client.
  const [{ authClient }, { turnPushOff }] = await Promise.all([
    import('./auth-client'),
    import('../notifications/push-subscription'),
  ])
  // The server ends the subscription with the session, also if this fails.
  await turnPushOff().catch(() => undefined)
  await authClient.signOut()
  window.location.assign('/sign-in')
}
