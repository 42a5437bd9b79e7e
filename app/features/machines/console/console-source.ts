import { CONSOLE_NAMESPACE, SHARED_CONSOLE_NAMESPACE } from '@/lib/machines/console-protocol'

/** Where a page opens a console, and with what. */
export interface ConsoleSource {
  namespace: string
  /** For each attempt to connect. */
  authorize(): Promise<object>
}

/** The console of a machine of the user. Each attempt uses a new single-use token. */
export const toOwnConsole = (machineId: string): ConsoleSource => ({
  namespace: CONSOLE_NAMESPACE,
  authorize: () =>
    fetch(`/api/v1/machines/${machineId}/console`, { method: 'POST' })
      .then((response) => response.json() as Promise<{ token?: string }>)
      .then(
        ({ token = '' }) => ({ token }),
        () => ({ token: '' }),
      ),
})

/** The console that a link opens. */
export const toSharedConsole = (grant: string): ConsoleSource => ({
  namespace: SHARED_CONSOLE_NAMESPACE,
  authorize: async () => ({ grant }),
})
