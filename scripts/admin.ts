import { parseArgs } from 'node:util'
import { newAccountRole, auth } from '@/lib/accounts/auth'
import { config } from '@/lib/config/config'
import { db } from '@/lib/database/db'
import { readDatabaseUrl } from './database-url'

// Sets up accounts and keys without a browser: create-user, create-key.
process.env.DATABASE_URL ||= readDatabaseUrl(config().DATA_DIR)
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    email: { type: 'string' },
    password: { type: 'string' },
    name: { type: 'string' },
    admin: { type: 'boolean' },
  },
})

async function createUser() {
  const { email, password } = values
  if (!email || !password) return fail('create-user needs --email and --password.')
  const name = values.name ?? email.split('@')[0]!
  await newAccountRole.run(values.admin ? 'admin' : 'member', () =>
    auth().api.signUpEmail({ body: { email, password, name } }),
  )
  process.stdout.write(`Created ${email}.\n`)
}

async function createKey() {
  const user = await db().user.findUnique({ where: { email: (values.email ?? '').toLowerCase() } })
  if (!user) return fail(`There is no account with the e-mail ${values.email ?? '(none given)'}.`)
  const { key } = await auth().api.createApiKey({
    body: { name: values.name ?? 'command line', userId: user.id },
  })
  process.stdout.write(`${key}\n`)
}

function fail(message: string) {
  process.stderr.write(`${message}\n`)
  process.exitCode = 1
}

try {
  if (positionals[0] === 'create-user') await createUser()
  else if (positionals[0] === 'create-key') await createKey()
  else fail('Use: admin create-user --email E --password P [--admin] | create-key --email E --name N')
} catch (error) {
  fail(error instanceof Error ? error.message : String(error))
}
await db().$disconnect()
process.exit()
