import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

export const TEST_PASSWORD = 'correct-horse-battery'

export interface AccountRequest {
  email: string
  /** Creates the account first. */
  user?: { password: string; isAdmin: boolean }
  /** Creates an API key of this name. */
  keyName?: string
}

export interface AccountReply {
  key?: string
  error?: string
}

/** Creates accounts and API keys of the app at `url`, in a child process that starts at the first request. */
export function createAccounts({ url, env }: { url: string; env: NodeJS.ProcessEnv }) {
  let child: ChildProcess | undefined
  let lastId = 0
  const pending = new Map<number, (reply: AccountReply) => void>()
  const start = () => {
    const started = spawn(process.execPath, ['dist/account-process.js'], {
      env,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    started.on('message', (reply: AccountReply & { id: number }) => {
      pending.get(reply.id)?.(reply)
      pending.delete(reply.id)
    })
    started.once('exit', (code) => {
      child = undefined
      for (const settle of pending.values()) settle({ error: `the account process exited with ${code}` })
      pending.clear()
    })
    // It must not keep the test runner alive.
    started.unref()
    started.channel?.unref()
    return started
  }
  async function request(message: AccountRequest) {
    child ??= start()
    child.channel?.ref()
    const { key, error } = await new Promise<AccountReply>((resolve) => {
      pending.set(++lastId, resolve)
      child!.send({ id: lastId, ...message })
    })
    if (pending.size === 0) child?.channel?.unref()
    if (error) throw new Error(error)
    return key
  }
  return {
    /** Creates an account with TEST_PASSWORD and an API key, with which the result sends requests. */
    async createUser(email: string, { isAdmin = false } = {}) {
      const user = { password: TEST_PASSWORD, isAdmin }
      const key = (await request({ email, user, keyName: 'test' }))!
      return { email, password: TEST_PASSWORD, key, ...createClient(url, key) }
    },
    /** Creates a further key of an account. */
    createKey: async (email: string) => (await request({ email, keyName: 'another' }))!,
    async stop() {
      if (!child) return
      const exited = once(child, 'exit')
      child.disconnect()
      await exited
    },
  }
}

export type TestUser = Awaited<ReturnType<ReturnType<typeof createAccounts>['createUser']>>

function createClient(url: string, key: string) {
  const client = {
    fetch: (at: string, init: RequestInit = {}) =>
      fetch(new URL(at, url), {
        ...init,
        headers: { authorization: `Bearer ${key}`, ...(init.headers as Record<string, string>) },
      }),
    /** Returns the JSON of a successful response. @throws {Error} on any other response */
    async fetchJson<T>(at: string, init?: RequestInit) {
      const response = await client.fetch(at, init)
      if (!response.ok) throw new Error(`${at}: ${response.status} ${await response.text()}`)
      return (await response.json()) as T
    },
  }
  return client
}

/** The same user at another web process. */
export const atServer = (user: TestUser, url: string): TestUser => ({
  ...user,
  ...createClient(url, user.key),
})
