import { parseArgs } from 'node:util'
import { z } from 'zod'
import { createAccount, createApiKey } from '@/lib/accounts/commands'
import { needsSetup } from '@/lib/accounts/needs-setup'
import { type ApiScope, apiScopes } from '@/lib/accounts/scopes'
import { setupCode } from '@/lib/accounts/setup-code'
import { retranscribeVideos } from '@/lib/captions/retranscribe'
import { config } from '@/lib/config/config'
import { db } from '@/lib/database/db'
import { errorMessage, notFound } from '@/lib/errors'
import { secureDataDir } from '@/lib/process/secure-data-dir'
import { registerAllTasks } from '@/lib/register-tasks'
import { boss } from '@/lib/tasks/boss'
import { readDatabaseUrl } from './database-url'

// `npm run admin`: creates accounts and API keys, prints the setup code, and queues transcriptions, from the command line.
const USAGE = `Usage:
  admin create-user --email E --password P [--admin]
  admin create-key --email E --name N [--scopes ${apiScopes.join(',')}] [--expires-days D]
  admin setup-code
  admin captions retranscribe (--all | --video ID)`

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    email: { type: 'string' },
    password: { type: 'string' },
    name: { type: 'string' },
    admin: { type: 'boolean', default: false },
    scopes: { type: 'string' },
    'expires-days': { type: 'string' },
    all: { type: 'boolean', default: false },
    video: { type: 'string' },
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
  const isRetranscription = positionals.join(' ') === 'captions retranscribe'
  // Exactly one of them.
  if (isRetranscription && values.all === (values.video === undefined)) return retranscribe(values.video)
  throw new Error(USAGE)
}

async function retranscribe(videoId?: string) {
  if (videoId && !z.uuid().safeParse(videoId).success) throw notFound('video')
  registerAllTasks()
  const { queued, unfinished, withoutCaptions } = await retranscribeVideos(
    { db: db(), boss: await boss() },
    { videoId },
  )
  return [
    `Queued: ${queued}`,
    `Already waiting or in progress: ${unfinished}`,
    `Videos without generated captions: ${withoutCaptions}`,
  ].join('\n')
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
