import { parseArgs } from 'node:util'
import { createAccount, createApiKey } from '@/lib/accounts/commands'
import { needsSetup } from '@/lib/accounts/needs-setup'
import { type ApiScope, apiScopes } from '@/lib/accounts/scopes'
import { setupCode } from '@/lib/accounts/setup-code'
import { config } from '@/lib/config/config'
import { db } from '@/lib/database/db'
import { errorMessage } from '@/lib/errors'
import { secureDataDir } from '@/lib/process/secure-data-dir'
import { readDatabaseUrl } from './database-url'

// `npm run admin`: creates accounts and API keys, and prints the setup code, from the command line.
const USAGE = `Usage:
  admin create-user --email E --password P [--admin]
  admin create-key --email E --name N [--scopes ${apiScopes.join(',')}] [--expires-days D]
  admin setup-code`

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    email: { type: 'string' },
    password: { type: 'string' },
    name: { type: 'string' },
    admin: { type: 'boolean', default: false },
    scopes: { type: 'string' },
    'expires-days': { type: 'string' },
  },
})

/** Returns the text to print. */
async function runCommand() {
  const { email, password, name, admin } = values
  if (positionals[0] === 'create-user' && email && password) {
    await createAccount({ email, password, name, isAdmin: admin })
    return `Created account ${email}.`
  }
  if (positionals[0] === 'create-key' && email)
    return createApiKey({
      email,
      name: name ?? 'command line',
      scopes: values.scopes?.split(',') as ApiScope[] | undefined,
      expiresInDays: values['expires-days'] ? Number(values['expires-days']) : null,
    })
  if (positionals[0] === 'setup-code') {
    if (await needsSetup()) return setupCode()
    throw new Error('The first account exists already: the setup code is no longer needed.')
  }
  throw new Error(USAGE)
}

try {
  secureDataDir(config().DATA_DIR)
  process.env.DATABASE_URL ||= readDatabaseUrl(config().DATA_DIR)
  process.stdout.write(`${await runCommand()}\n`)
  await db().$disconnect()
  process.exit()
} catch (error) {
  process.stderr.write(`${errorMessage(error)}\n`)
  process.exit(1)
}
