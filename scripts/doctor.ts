import { existsSync, readdirSync, statfsSync } from 'node:fs'
import path from 'node:path'
import pg from 'pg'
import { readConfig, type Config } from '@/lib/config/config'
import { ConfigError } from '@/lib/config/errors'
import { modelsDir } from '@/worker/captions/choose-transcriber'
import { hasPocketSphinx } from '@/worker/captions/pocketsphinx'
import { hasModelFile } from '@/worker/captions/whisper/model-file'
import { VAD_MODEL, WHISPER_MODELS } from '@/worker/captions/whisper/models'
import { diagnoseQemu } from '@/worker/machines/drivers/qemu/diagnose'
import { SmtpMailer } from '@/worker/mail/smtp-mailer'
import { checkSandbox } from '@/worker/process/check-sandbox'
import { readDatabaseUrl } from './database-url'
import { report } from './report.mjs'

// The parts of `npm run doctor` that need the packages. Ends with 1 when something has to be done.
const reportCheck = (part: Parameters<typeof report.tell>[0]) => report.tell(part)

const settings = readSettings()
const sandbox = await checkSandbox(settings?.MEDIA_SANDBOX ?? 'on')
reportCheck({
  name: 'sandbox',
  found: sandbox.available ? `bubblewrap ${sandbox.version}, tried` : undefined,
  fix: sandbox.problem ?? sandbox.warning ?? 'bubblewrap does not work',
})
if (settings) {
  checkDisk(settings)
  await checkMachines(settings)
  await checkCaptions(settings)
  await checkMail(settings)
  await checkDatabase(settings)
}
process.exit(report.isWell ? 0 : 1)

function readSettings() {
  try {
    const read = readConfig()
    reportCheck({ name: 'settings', found: `${read.publicUrl}, ${read.DATA_DIR}` })
    return read
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    reportCheck({ name: 'settings', fix: error.message })
  }
}

function checkDisk({ DATA_DIR, DISK_RESERVE_BYTES }: Config) {
  let dir = DATA_DIR
  while (!existsSync(dir)) dir = path.dirname(dir)
  const { bavail, bsize } = statfsSync(dir)
  const gibibytes = ((bavail * bsize) / 1024 ** 3).toFixed(1)
  const isEnough = bavail * bsize > DISK_RESERVE_BYTES
  const fix = `${gibibytes} GiB free, less than DISK_RESERVE_BYTES: uploads are refused. Make room.`
  reportCheck({ name: 'disk', found: isEnough ? `${gibibytes} GiB free` : undefined, fix })
}

async function checkMachines(settings: Config) {
  const { MACHINES, MACHINE_SANDBOX, MACHINE_DEBIAN_SOURCE, MACHINE_DEBIAN_IMAGE_URL } = settings
  if (MACHINES === 'off')
    return reportCheck({ name: 'machines', fix: 'MACHINES=off is set', isOptional: true })
  const qemu = await diagnoseQemu({ isConfined: MACHINE_SANDBOX === 'on' })
  const how = qemu.canAccessKvm ? '/dev/kvm is tried at the first machine' : 'without KVM, so in software'
  reportCheck({
    name: 'machines',
    found: qemu.version && `QEMU ${qemu.version}, ${how}`,
    fix: qemu.problem ?? 'QEMU does not work',
  })
  reportCheck({
    name: '  internet',
    found: qemu.outboundProblem ? undefined : 'machines reach it, and not this computer',
    fix: qemu.outboundProblem ?? '',
    isOptional: true,
  })
  const unbuildable = MACHINE_DEBIAN_SOURCE === 'download' ? null : qemu.buildProblem
  const known =
    MACHINE_DEBIAN_SOURCE === 'build' ? '' : `downloaded from ${new URL(MACHINE_DEBIAN_IMAGE_URL).host}`
  reportCheck({
    name: '  image debian',
    found: unbuildable ? known && `${known} only: it cannot be built here` : known || 'can be built here',
    fix: unbuildable ?? '',
    isOptional: true,
  })
}

async function checkCaptions(settings: Config) {
  const { CAPTIONS, WHISPER_MODEL, MODEL_HUB } = settings
  if (CAPTIONS === 'none')
    return reportCheck({ name: 'captions', fix: 'CAPTIONS=none is set', isOptional: true })
  const dir = modelsDir(settings)
  const models = [WHISPER_MODELS[WHISPER_MODEL], VAD_MODEL]
  const isHere = (await Promise.all(models.map((model) => hasModelFile(model, dir)))).every(Boolean)
  const { size } = WHISPER_MODELS[WHISPER_MODEL]
  const model = isHere
    ? 'its model is here'
    : `its model (${size}) is downloaded from ${MODEL_HUB} at first use`
  const rough = hasPocketSphinx() ? 'PocketSphinx' : undefined
  const engines = {
    whisper: `Whisper (${WHISPER_MODEL}), ${model}`,
    pocketsphinx: rough,
    auto: `Whisper (${WHISPER_MODEL}), ${model}${rough ? `; ${rough} where it cannot be had` : ''}`,
  }
  const fix = 'sudo apt-get install pocketsphinx pocketsphinx-en-us (npm start does this where it may)'
  reportCheck({ name: 'captions', found: engines[CAPTIONS], fix })
}

async function checkMail({ SMTP_URL, MAIL_CONNECTIONS }: Config) {
  if (!SMTP_URL) {
    const fix = 'SMTP_URL is not set: mails are kept here, and shown to administrators'
    return reportCheck({ name: 'mail', fix, isOptional: true })
  }
  const mailer = new SmtpMailer({ url: SMTP_URL, connections: MAIL_CONNECTIONS })
  const problem = await mailer.findProblem()
  await mailer.close()
  const fix = `${problem} (${mailer.target}): set SMTP_URL right, or ask who runs that server. Until then no mail leaves.`
  reportCheck({ name: 'mail', found: problem ? undefined : `${mailer.target} takes mails`, fix })
}

async function checkDatabase({ DATABASE_URL, DATA_DIR }: Config) {
  let client: pg.Client | undefined
  try {
    client = new pg.Client({ connectionString: DATABASE_URL ?? readDatabaseUrl(DATA_DIR) })
    await client.connect()
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException
    const fix = DATABASE_URL ? `DATABASE_URL does not answer: ${message || code}` : 'npm start runs its own'
    return reportCheck({ name: 'Postgres', fix, isOptional: !DATABASE_URL })
  }
  try {
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version')
    reportCheck({ name: 'Postgres', found: rows[0]?.server_version })
    const missing = await findMissingMigrations(client)
    const fix = `${missing.join(', ')}: npm run migrate (npm start does this)`
    reportCheck({ name: 'migrations', found: missing.length ? undefined : 'all applied', fix })
  } finally {
    await client.end()
  }
}

async function findMissingMigrations(client: pg.Client) {
  const all = readdirSync('prisma/migrations').filter((name) => !name.includes('.'))
  const { rows } = await client
    .query<{ name: string }>(
      'SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL',
    )
    // The table itself comes with the first one.
    .catch(() => ({ rows: [] }))
  const applied = new Set(rows.map(({ name }) => name))
  return all.filter((name) => !applied.has(name))
}
