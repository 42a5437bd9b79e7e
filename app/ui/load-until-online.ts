const RETRY_MS = 5_000

/**
 * Loads code, and again while it cannot be fetched: when the browser is online again, or after five seconds. Without that, a
 * click while the connection is lost would replace the page by an error.
 * @throws what the code throws
 */
export async function loadUntilOnline<Code>(load: () => Promise<Code>): Promise<Code> {
  for (;;) {
    try {
      return await load()
    } catch (error) {
      // As the scripts of Next.js name it.
      if (!(error instanceof Error && error.name === 'ChunkLoadError')) throw error
    }
    await waitForConnection()
  }
}

const waitForConnection = () =>
  new Promise<void>((resolve) => {
    const finish = () => {
      clearTimeout(timer)
      window.removeEventListener('online', finish)
      resolve()
    }
    const timer = setTimeout(finish, RETRY_MS)
    window.addEventListener('online', finish)
  })
