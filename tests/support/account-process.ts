import { createAccount, createApiKey } from '@/lib/accounts/commands'
import { config } from '@/lib/config/config'
import { readDatabaseUrl } from '@/scripts/database-url'
import type { AccountReply, AccountRequest } from './accounts'

// Creates accounts and keys for the tests of one app. One process for all of them: loading better-auth takes a second.
process.env.DATABASE_URL ||= readDatabaseUrl(config().DATA_DIR)
process.on('disconnect', () => process.exit(0))
process.on('message', (request: AccountRequest & { id: number }) => {
  const reply = (result: AccountReply) => process.send!({ id: request.id, ...result })
  execute(request).then(
    (key) => reply({ key }),
    (error: Error) => reply({ error: error.message }),
  )
})

async function execute({ email, keyName, user }: AccountRequest) {
  if (user) await createAccount({ email, ...user })
  return keyName ? createApiKey({ email, name: keyName }) : undefined
}
