// Long, because all settings are described in one place, from which docs/configuration.md is generated.

import { cpus } from 'node:os'
import path from 'node:path'
import ipaddr from 'ipaddr.js'
import { z } from 'zod'
import { PRIVATE_RANGES } from '../http/private-ranges'
import { isIpNetwork } from '../http/ip-networks'
import { queueOverridesSchema } from '../tasks/queue-options'

/**
 * Every setting of the app in one place: its environment variable, meaning, unit and default.
 * The table of docs/configuration.md is generated from here (`npm run docs:config`).
 */
const GiB = 1024 ** 3
const byteCount = z.coerce.number().int().positive()
const positiveInteger = z.coerce.number().int().positive()

export const configSchema = z.object({
  PORT: z.coerce.number().int().min(1).max(65_535).default(3000).describe('Port the web process listens on.'),
  HOST: z.string().default('127.0.0.1').describe('Address the web process listens on.'),
  DATA_DIR: z
    .string()
    .default('./data')
    .transform((dir) => path.resolve(dir))
    .describe('Folder for everything the app keeps: database, media, uploads in progress, secrets.'),
  DATABASE_URL: z.url().optional().describe('Postgres to use. Unset: an embedded Postgres under DATA_DIR.'),
  PUBLIC_URL: z.url().optional().describe('Address people reach the app at. Unset: http://HOST:PORT.'),
  AUTH_SECRET: z
    .string()
    .min(32)
    .optional()
    .describe('Signs sessions. Unset: made once and kept under DATA_DIR.'),
  SIGN_UP: z
    .enum(['open', 'closed'])
    .default('closed')
    .describe('Whether strangers may create accounts after the administrator exists.'),
  TRUSTED_PROXIES: z
    .string()
    .default('127.0.0.0/8 ::1')
    .transform((list) => list.split(/[\s,]+/).filter((entry) => entry && entry !== 'none'))
    .refine((list) => list.every(isIpNetwork), 'is no list of addresses, and networks such as 10.0.0.0/8')
    .describe(
      'Reverse proxies whose X-Forwarded-For is believed, or none: addresses and networks. They have to append to it.',
    ),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error'])
    .default('info')
    .describe('How much is logged.'),
  WEBHOOK_ALLOW_PRIVATE: z
    .string()
    .default('')
    .transform((list) => list.split(/[\s,]+/).filter(Boolean))
    .refine((list) => list.every(ipaddr.isValidCIDR), 'is no list of networks such as 10.0.0.0/8')
    .describe('Networks that webhooks may be sent to though they are not public: 10.0.0.0/8, fd00::/8.'),
  UPLOAD_MAX_BYTES: byteCount.default(50 * GiB).describe('Largest single upload, in bytes.'),
  UPLOAD_EXPIRES_HOURS: positiveInteger
    .default(48)
    .describe('Hours after which an upload that nobody continued is removed.'),
  STORAGE_QUOTA_BYTES: byteCount.default(200 * GiB).describe('Storage per person, in bytes.'),
  DISK_RESERVE_BYTES: z.coerce
    .number()
    .int()
    .nonnegative()
    .default(GiB)
    .describe('Disk space always left free, in bytes.'),
  TRANSCODE_CONCURRENCY: positiveInteger
    .default(1)
    .describe('Videos transcoded at once per worker. One uses all cores already.'),
  MEDIA_SANDBOX: z
    .enum(['on', 'off'])
    .default('on')
    .describe('off opens uploaded files without bubblewrap, where it cannot work. Everybody is warned.'),
  MEDIA_THREADS: positiveInteger
    .default(Math.max(1, cpus().length))
    .describe('Threads one ffmpeg process may use.'),
  MEDIA_MEMORY_BYTES: byteCount
    .default(6 * GiB)
    .describe('Address space one ffmpeg process may use, in bytes.'),
  MACHINE_DRIVER: z
    .enum(['qemu', 'fake'])
    .default('qemu')
    .describe('What runs machines on this computer. fake is for tests: nothing really runs.'),
  MACHINE_QUOTA_COUNT: positiveInteger.default(20).describe('Machines per person.'),
  MACHINE_QUOTA_CPUS: positiveInteger.default(32).describe('CPUs of all machines of a person together.'),
  MACHINE_QUOTA_MEMORY_MIB: positiveInteger
    .default(16_384)
    .describe('Memory of all machines of a person together, in MiB.'),
  MACHINE_QUOTA_DISK_MIB: positiveInteger
    .default(204_800)
    .describe('Disk of all machines and snapshots of a person together, in MiB.'),
  MEDIA_MAX_HOURS: positiveInteger
    .default(12)
    .describe('Longest running time of one ffmpeg process, in hours.'),
  MACHINES: z
    .enum(['on', 'off'])
    .default('on')
    .describe('off offers no virtual machines, and QEMU need not be installed.'),
  MACHINE_SANDBOX: z
    .enum(['on', 'off'])
    .default('on')
    .describe('off runs QEMU without bubblewrap, where it cannot work. Everybody is warned.'),
  MACHINE_DEBIAN_SOURCE: z
    .enum(['auto', 'download', 'build'])
    .default('auto')
    .describe(
      'How the image debian is made: downloaded, built from packages of this server’s mirror, or whichever works.',
    ),
  MACHINE_DEBIAN_IMAGE_URL: z
    .url({ protocol: /^https?$/ })
    .default('https://cloud.debian.org/images/cloud/bookworm/latest/debian-12-genericcloud-amd64.qcow2')
    .describe('The image of Debian that is downloaded; SHA512SUMS lies beside it.'),
  MACHINE_ANSWER_SECONDS: positiveInteger
    .default(120)
    .describe('Longest a machine may take from its start until it answers, in seconds.'),
  QUEUE_OPTIONS: queueOverridesSchema
    .prefault('{}')
    .describe('How queues treat kinds of tasks, as JSON: {"video.transcode":{"concurrency":2}}.'),
  LOG_RETENTION_DAYS: positiveInteger
    .default(30)
    .describe('Days after which lines of task logs are removed.'),
  TASK_RETENTION_DAYS: positiveInteger
    .default(180)
    .describe('Days after which finished tasks are removed that no video or machine shows any more.'),
  METRICS_TOKEN: z
    .string()
    .min(16)
    .optional()
    .describe('Bearer token that may read /api/metrics, beside the keys of administrators.'),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/ })
    .optional()
    .describe(
      'Mail server: smtp://user:password@host:587 (STARTTLS where offered) or smtps://…:465. Unset: mails are kept, and shown to administrators.',
    ),
  MAIL_FROM: z
    .string()
    .regex(/^[^\r\n]+$/)
    .default('Meanwhile <meanwhile@localhost>')
    .describe('Sender of all mails.'),
  MAIL_RATE_PER_SECOND: z.coerce
    .number()
    .positive()
    .default(10)
    .describe('Mails per second, of all workers together.'),
  MAIL_CONNECTIONS: positiveInteger
    .default(4)
    .describe('Connections that one worker holds to the mail server.'),
  MAIL_RETRY_SECONDS: z.coerce
    .number()
    .positive()
    .default(60)
    .describe(
      'Wait before a mail that was refused for now is tried again, in seconds. It doubles, up to an hour, for three days.',
    ),
  MAIL_AMBIGUOUS: z
    .enum(['ask', 'resend'])
    .default('ask')
    .describe(
      'When a sender died and nobody knows whether its mail left: ask an administrator, or send it again.',
    ),
  MACHINE_CLOSED_NETWORKS: z
    .string()
    .default(PRIVATE_RANGES.join(' '))
    .transform((list) => list.split(/[\s,]+/).filter((range) => range && range !== 'none'))
    .pipe(z.array(z.cidrv4()))
    .describe(
      'IPv4 ranges that machines with internet do not reach, or none. This server itself they never reach.',
    ),
  MACHINE_HOST_LISTEN: z
    .string()
    .regex(/^[^\s/]+?(:\d{1,5})?$/, 'An address, or address:port.')
    .default('127.0.0.1')
    .describe(
      'Address, or address:port, at which a worker serves consoles and ports of its machines to web processes.',
    ),
  MACHINE_HOST_URL: z
    .url()
    .optional()
    .describe(
      'Where web processes on other computers reach that. Unset: where it listens. They need the same AUTH_SECRET.',
    ),
  CAPTIONS: z
    .enum(['auto', 'whisper', 'pocketsphinx', 'none'])
    .default('auto')
    .describe('What listens to videos. auto takes Whisper, or PocketSphinx where its model cannot be had.'),
  CAPTION_CONCURRENCY: positiveInteger.default(1).describe('Videos listened to at once per worker.'),
  CAPTION_THREADS: positiveInteger
    .default(Math.max(1, cpus().length))
    .describe('Threads one listener may use.'),
  CAPTION_MEMORY_BYTES: byteCount.default(8 * GiB).describe('Memory one listener may use, in bytes.'),
  WHISPER_MODEL: z
    .enum([
      'tiny',
      'tiny.en',
      'base',
      'base.en',
      'small',
      'small.en',
      'medium',
      'medium.en',
      'large-v3',
      'large-v3-turbo',
    ])
    .default('base')
    .describe('Model of Whisper. Larger ones hear better and take longer.'),
  MODEL_HUB: z
    .url()
    .default('https://huggingface.co')
    .describe('Where models of speech are downloaded from at first use.'),
})

export type Config = z.infer<typeof configSchema> & { publicUrl: string }

/**
 * Reads the settings from the environment.
 * @throws {ConfigError} naming every bad key at once.
 */
export function readConfig(env: Record<string, string | undefined> = process.env): Config {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const parsed = configSchema.superRefine(requireHostUrl).safeParse(set)
  if (!parsed.success) throw new ConfigError(parsed.error)
  return {
    ...parsed.data,
    publicUrl: parsed.data.PUBLIC_URL ?? `http://${parsed.data.HOST}:${parsed.data.PORT}`,
  }
}

/** Whoever listens at every address has to say at which one of them it is reached. */
function requireHostUrl(
  { MACHINE_HOST_LISTEN, MACHINE_HOST_URL }: z.output<typeof configSchema>,
  check: z.RefinementCtx,
) {
  if (MACHINE_HOST_URL || !/^(0\.0\.0\.0|\[?::\]?)(:\d+)?$/.test(MACHINE_HOST_LISTEN)) return
  const message = 'Needed where MACHINE_HOST_LISTEN is every address: web processes have to be told one.'
  check.addIssue({ code: 'custom', path: ['MACHINE_HOST_URL'], message })
}

export class ConfigError extends Error {
  constructor(error: Pick<z.ZodError, 'issues'> | { issues: { path: string[]; message: string }[] }) {
    const lines = error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
    super(`These settings are wrong:\n${lines.join('\n')}`)
    this.name = 'ConfigError'
  }
}

let cachedConfig: Config | undefined

/** The settings of this process, read once. A wrong one ends the process with status 1. */
export function config(): Config {
  if (cachedConfig) return cachedConfig
  try {
    cachedConfig = readConfig()
    return cachedConfig
  } catch (error) {
    return exitOnConfigError(error)
  }
}

/** Ends the process with status 1, telling what is wrong with the settings. Other errors are thrown on. */
export function exitOnConfigError(error: unknown): never {
  if (!(error instanceof ConfigError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
}
