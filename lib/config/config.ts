import type { z } from 'zod'
import { ConfigError, exitOnConfigError } from './errors'
import { configSchema } from './schema'

export type Config = z.infer<typeof configSchema> & { publicUrl: string }

/** Earlier names of variables, which remain valid. */
const RENAMED = { WHISPER_MODEL: 'SPEECH_MODEL' }

/**
 * Reads and validates the environment. Empty variables count as unset.
 * @throws {ConfigError} listing every invalid variable
 */
export function readConfig(env: Record<string, string | undefined> = process.env): Config {
  const variables = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  for (const [earlier, name] of Object.entries(RENAMED)) variables[name] ??= variables[earlier]
  const parsed = configSchema
    .superRefine(requireHostUrl)
    .superRefine(requireSeparatePagesHost)
    .superRefine(requireCompleteOidc)
    .superRefine(requireBucket)
    .superRefine(requireDriverVariables)
    .superRefine(requireWatchOwner)
    .safeParse(variables)
  if (!parsed.success) throw new ConfigError(parsed.error)
  return {
    ...parsed.data,
    publicUrl: parsed.data.PUBLIC_URL ?? `http://${parsed.data.HOST}:${parsed.data.PORT}`,
  }
}

/** A wildcard address cannot be published: web processes need a URL that reaches this host. */
function requireHostUrl(
  { MACHINE_HOST_LISTEN, MACHINE_HOST_URL }: z.output<typeof configSchema>,
  context: z.RefinementCtx,
) {
  if (MACHINE_HOST_URL || !/^(0\.0\.0\.0|\[?::\]?)(:\d+)?$/.test(MACHINE_HOST_LISTEN)) return
  const message = 'is required when MACHINE_HOST_LISTEN is a wildcard address'
  context.addIssue({ code: 'custom', path: ['MACHINE_HOST_URL'], message })
}

const DRIVER_VARIABLES = {
  incus: ['INCUS_URL'],
  ec2: ['EC2_REGION', 'EC2_IMAGES', 'EC2_ISOLATED_GROUP'],
} as const

function requireDriverVariables(settings: z.output<typeof configSchema>, context: z.RefinementCtx) {
  const { MACHINES, MACHINE_DRIVER: driver } = settings
  if (MACHINES === 'off' || (driver !== 'incus' && driver !== 'ec2')) return
  for (const name of DRIVER_VARIABLES[driver])
    if (!settings[name])
      context.addIssue({
        code: 'custom',
        path: [name],
        message: `is required when MACHINE_DRIVER is ${driver}`,
      })
}

function requireWatchOwner(
  { WATCH_DIR, WATCH_OWNER }: z.output<typeof configSchema>,
  context: z.RefinementCtx,
) {
  if (WATCH_DIR && !WATCH_OWNER)
    context.addIssue({ code: 'custom', path: ['WATCH_OWNER'], message: 'is required with WATCH_DIR' })
}

/** The app serves nothing but pages of machines at that host. */
function requireSeparatePagesHost(
  { MACHINE_PAGES_URL, PUBLIC_URL }: z.output<typeof configSchema>,
  context: z.RefinementCtx,
) {
  if (!MACHINE_PAGES_URL || (PUBLIC_URL && new URL(PUBLIC_URL).host !== new URL(MACHINE_PAGES_URL).host))
    return
  const message = 'needs a PUBLIC_URL with another host name'
  context.addIssue({ code: 'custom', path: ['MACHINE_PAGES_URL'], message })
}

/** Half of the settings would leave single sign-on off without a word. */
function requireCompleteOidc(
  { OIDC_ISSUER, OIDC_CLIENT_ID }: z.output<typeof configSchema>,
  context: z.RefinementCtx,
) {
  if (Boolean(OIDC_ISSUER) === Boolean(OIDC_CLIENT_ID)) return
  const missing = OIDC_ISSUER ? 'OIDC_CLIENT_ID' : 'OIDC_ISSUER'
  context.addIssue({ code: 'custom', path: [missing], message: 'is needed for single sign-on' })
}

function requireBucket({ STORAGE, S3_BUCKET }: z.output<typeof configSchema>, context: z.RefinementCtx) {
  if (STORAGE !== 's3' || S3_BUCKET) return
  context.addIssue({ code: 'custom', path: ['S3_BUCKET'], message: 'is needed for STORAGE=s3' })
}

let cachedConfig: Config | undefined

/** The configuration of this process, read once. Exits the process with status 1 if it is invalid. */
export function config(): Config {
  if (cachedConfig) return cachedConfig
  try {
    cachedConfig = readConfig()
    warnOfRenamed()
    return cachedConfig
  } catch (error) {
    return exitOnConfigError(error)
  }
}

function warnOfRenamed() {
  for (const [earlier, name] of Object.entries(RENAMED))
    if (process.env[earlier]) process.stderr.write(`${earlier} is now called ${name}.\n`)
}
