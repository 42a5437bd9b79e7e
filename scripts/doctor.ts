// Over 200 lines because it has a check for each component.

import { existsSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { readConfig, type Config } from '@/lib/config/config'
import { ConfigError } from '@/lib/config/errors'
import { listMigrations } from '@/lib/database/migration-names'
import { openStorage } from '@/lib/storage/configured-storage'
import { readFreeDiskBytes } from '@/lib/storage/free-disk'
import { findStorageProblem } from '@/lib/storage/probe'
import { formatBytes } from '@/lib/text/format-bytes'
import { hasPocketSphinx } from '@/worker/captions/pocketsphinx'
import { modelSizeBytes, SPEECH_MODELS } from '@/worker/captions/speech/models'
import { listPresentModels, speedOptions } from '@/worker/captions/speech/select-model'
import { describeSpeed, readSpeed } from '@/worker/captions/speech/speed'
import { listTranslationLanguages } from '@/worker/captions/translation/list-languages'
import { chooseHypervisor } from '@/worker/machines/drivers/choose-hypervisor'
import { diagnoseQemu } from '@/worker/machines/drivers/qemu/diagnose'
import { SmtpMailer } from '@/worker/mail/smtp-mailer'
import { findDelegatedCgroup } from '@/worker/process/cgroups'
import { checkSandbox } from '@/worker/process/check-sandbox'
import { runProgram } from '@/worker/process/run-program'
import { detectEncoder, testHardware } from '@/worker/video/encoders/encoder-probe'
import { EXTRA_ENCODERS } from '@/worker/video/ffmpeg/encoder-args'
import { readDatabaseUrl } from './database-url'
import { report } from './report.mjs'

// The checks of `npm run doctor` that need installed packages. Exits with 1 if a required one fails.
const reportCheck = (check: Parameters<typeof report.add>[0]) => report.add(check)

const { values } = parseArgs({ options: { cluster: { type: 'boolean', default: false } } })
const settings = readSettings()
const sandbox = await checkSandbox(settings?.MEDIA_SANDBOX ?? 'on')
reportCheck({
  name: 'sandbox',
  found: sandbox.available ? `bubblewrap ${sandbox.version}, tested` : undefined,
  fix: sandbox.problem ?? sandbox.warning ?? 'bubblewrap does not work',
})
const cgroup = findDelegatedCgroup()
reportCheck({
  name: 'cgroup',
  found: cgroup && `${cgroup}, delegated: background programs and machines get CPU weights`,
  fix: 'not delegated to this shell: background programs and machines only have a lower niceness (docs/operations.md)',
  isOptional: true,
})
if (settings) {
  await checkEncoders(settings)
  await checkDisk(settings)
  await checkStorage(settings)
  await checkMachines(settings)
  await checkCaptions(settings)
  await checkTranslation(settings)
  await checkMail(settings)
  await checkDatabase(settings)
}
process.exit(report.isHealthy ? 0 : 1)

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

async function checkDisk({ DATA_DIR, DISK_RESERVE_BYTES, STORAGE }: Config) {
  let dir = DATA_DIR
  while (!existsSync(dir)) dir = path.dirname(dir)
  const freeBytes = await readFreeDiskBytes(dir)
  const gibibytes = (freeBytes / 1024 ** 3).toFixed(1)
  const isEnough = freeBytes > DISK_RESERVE_BYTES
  const effect = STORAGE === 'local' ? 'uploads are refused' : 'workers keep no local copies of files'
  const fix = `${gibibytes} GiB free, less than DISK_RESERVE_BYTES: ${effect}. Free some space.`
  reportCheck({ name: 'disk', found: isEnough ? `${gibibytes} GiB free` : undefined, fix })
}

async function checkStorage(settings: Config) {
  // The disk was checked above.
  if (settings.STORAGE === 'local') return
  const storage = await openStorage(settings, { patienceMs: 3_000 })
  const problem = await findStorageProblem(storage)
  const fix = `${problem}. Check the settings that begin with S3_ and the credentials (docs/operations.md).`
  reportCheck({ name: 'storage', found: problem ? undefined : `${storage.target}: write, read, remove`, fix })
}

/** Encodes a few seconds with the configured encoder. */
async function checkEncoders({ VIDEO_ENCODER, EXTRA_CODECS, MEDIA_MEMORY_BYTES }: Config) {
  const { encoder, problem } = await detectEncoder(VIDEO_ENCODER, testHardware({ MEDIA_MEMORY_BYTES }))
  reportCheck({
    name: 'encoder',
    found: problem ? undefined : encoder === 'software' ? 'x264, in software' : `${encoder}, tested`,
    fix: problem ?? '',
    isOptional: true,
  })
  if (EXTRA_CODECS.length === 0) return
  const encoders = await runProgram({ file: 'ffmpeg', args: ['-encoders'], timeoutMs: 10_000 }).catch(
    () => '',
  )
  for (const codec of EXTRA_CODECS)
    reportCheck({
      name: `  ${codec}`,
      found: encoders.includes(` ${EXTRA_ENCODERS[codec]} `) ? EXTRA_ENCODERS[codec] : undefined,
      fix: `ffmpeg lacks ${EXTRA_ENCODERS[codec]}: install a complete ffmpeg, or change EXTRA_CODECS`,
    })
}

/** Connects as the worker would; for Incus, it creates the client certificate and uses INCUS_TOKEN. */
async function checkCluster(settings: Config) {
  const hypervisor = await chooseHypervisor(settings, { hostId: 'doctor', installationId: 'doctor' })
  const { version, kinds, problem } = await hypervisor!.describe()
  const images = problem ? [] : await hypervisor!.listImages()
  await hypervisor!.close()
  const usable = images.filter((image) => image.problem === null)
  const place = settings.MACHINE_DRIVER === 'incus' ? ` at ${settings.INCUS_URL}` : ''
  const found = `${version}${place}: ${kinds.join(', ')}; ${usable.length} images`
  const imageProblem =
    images[0]?.problem ?? 'the project of the cluster has no image with an alias: set INCUS_IMAGES'
  reportCheck({
    name: 'machines',
    found: problem || usable.length === 0 ? undefined : found,
    fix: problem ?? imageProblem,
  })
}

async function checkMachines(settings: Config) {
  const { MACHINES, MACHINE_SANDBOX, MACHINE_DEBIAN_SOURCE, MACHINE_DEBIAN_IMAGE_URL } = settings
  if (MACHINES === 'off')
    return reportCheck({ name: 'machines', fix: 'MACHINES=off is set', isOptional: true })
  if (settings.MACHINE_DRIVER === 'incus' || settings.MACHINE_DRIVER === 'ec2') return checkCluster(settings)
  const qemu = await diagnoseQemu({ isConfined: MACHINE_SANDBOX === 'on' })
  const acceleration = qemu.canAccessKvm
    ? 'KVM (tested when the first machine starts)'
    : 'software emulation (no KVM)'
  reportCheck({
    name: 'machines',
    found: qemu.version && `QEMU ${qemu.version}, ${acceleration}`,
    fix: qemu.problem ?? 'QEMU does not work',
  })
  reportCheck({
    name: '  internet',
    found: qemu.outboundProblem ? undefined : 'available to machines; this computer is blocked',
    fix: qemu.outboundProblem ?? '',
    isOptional: true,
  })
  const unbuildable = MACHINE_DEBIAN_SOURCE === 'download' ? null : qemu.buildProblem
  const source =
    MACHINE_DEBIAN_SOURCE === 'build' ? '' : `downloaded from ${new URL(MACHINE_DEBIAN_IMAGE_URL).host}`
  reportCheck({
    name: '  image debian',
    found: unbuildable ? source && `${source}; cannot be built here` : source || 'built locally',
    fix: unbuildable ?? '',
    isOptional: true,
  })
}

async function checkCaptions(settings: Config) {
  const { CAPTIONS, SPEECH_MODEL, MODEL_HUB } = settings
  if (CAPTIONS === 'none')
    return reportCheck({ name: 'captions', fix: 'CAPTIONS=none is set', isOptional: true })
  if (CAPTIONS === 'pocketsphinx') {
    const fix = 'sudo apt-get install pocketsphinx pocketsphinx-en-us (npm start does this if permitted)'
    return reportCheck({ name: 'captions', found: hasPocketSphinx() ? 'PocketSphinx' : undefined, fix })
  }
  const wanted = SPEECH_MODEL === 'auto' ? Object.values(SPEECH_MODELS) : [SPEECH_MODELS[SPEECH_MODEL]]
  const present = (await listPresentModels(settings)).filter((model) => wanted.includes(model))
  const speeds = await Promise.all(
    present.map(async (model) => {
      const speed = await readSpeed(model, speedOptions(settings))
      const how = speed === null ? ': npm run models -- measure' : ''
      return `${model.title} (${describeSpeed(speed)}${how})`
    }),
  )
  const missing = wanted.length > 1 ? SPEECH_MODELS.base : wanted[0]!
  const download = `${missing.title} (${formatBytes(modelSizeBytes(missing))}) is downloaded from ${MODEL_HUB} on first use; without internet: npm run models`
  reportCheck({ name: 'captions', found: `SPEECH_MODEL=${SPEECH_MODEL}: ${speeds.join(', ') || download}` })
}

async function checkTranslation({ TRANSLATION_URL }: Config) {
  if (!TRANSLATION_URL)
    return reportCheck({ name: '  translation', fix: 'TRANSLATION_URL is not set', isOptional: true })
  const { host } = new URL(TRANSLATION_URL)
  try {
    const codes = await listTranslationLanguages(TRANSLATION_URL)
    if (codes.length === 0) throw new Error('It offers no languages.')
    reportCheck({ name: '  translation', found: `${host}: ${codes.join(', ')}` })
  } catch (error) {
    const fix = `${(error as Error).message} Start the service, or correct TRANSLATION_URL (${host}).`
    reportCheck({ name: '  translation', fix })
  }
}

async function checkMail({ SMTP_URL, MAIL_CONNECTIONS }: Config) {
  if (!SMTP_URL) {
    const fix = 'SMTP_URL is not set: mail is stored and shown to administrators, not sent'
    return reportCheck({ name: 'mail', fix, isOptional: true })
  }
  const mailer = new SmtpMailer({ url: SMTP_URL, connections: MAIL_CONNECTIONS })
  const problem = await mailer.findProblem()
  await mailer.close()
  const fix = `${problem} (${mailer.target}). Mail is not sent: correct SMTP_URL, or contact the operator of that server.`
  reportCheck({ name: 'mail', found: problem ? undefined : `${mailer.target} accepts mail`, fix })
}

async function checkDatabase({ DATABASE_URL, DATA_DIR }: Config) {
  let client: pg.Client | undefined
  let url: string
  try {
    url = DATABASE_URL ?? readDatabaseUrl(DATA_DIR)
    client = new pg.Client({ connectionString: url })
    await client.connect()
  } catch (error) {
    const { message, code } = error as NodeJS.ErrnoException
    const fix = DATABASE_URL
      ? `cannot connect to DATABASE_URL: ${message || code}`
      : 'npm start runs an embedded one'
    return reportCheck({ name: 'Postgres', fix, isOptional: !DATABASE_URL })
  }
  try {
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version')
    reportCheck({ name: 'Postgres', found: rows[0]?.server_version })
    const missing = await findMissingMigrations(client)
    const fix = `${missing.join(', ')}: npm run migrate (npm start does this)`
    reportCheck({ name: 'migrations', found: missing.length ? undefined : 'all applied', fix })
    if (!values.cluster || missing.length > 0) return
    // Imported late: its modules exit on an invalid configuration, which is reported above.
    const { checkCluster } = await import('./doctor-cluster')
    await checkCluster(url)
  } finally {
    await client.end()
  }
}

async function findMissingMigrations(client: pg.Client) {
  const { rows } = await client
    .query<{ name: string }>(
      'SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL',
    )
    // The first migration creates the table.
    .catch(() => ({ rows: [] }))
  const applied = new Set(rows.map(({ name }) => name))
  return listMigrations().filter((name) => !applied.has(name))
}
