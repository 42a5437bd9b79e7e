import { chmod, mkdir, open, readFile, rename, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import path from 'node:path'
import { CliError, EXIT } from './exit-codes'

export const DEFAULT_URL = 'http://127.0.0.1:3000'

/** The server and the API key of its user. */
export interface Settings {
  url: string
  apiKey: string
}

/** Where the settings are: `MEANWHILE_CONFIG`, or in the folder for configuration of the user. */
const settingsFile = () =>
  process.env.MEANWHILE_CONFIG ??
  path.join(process.env.XDG_CONFIG_HOME ?? path.join(homedir(), '.config'), 'meanwhile/config.json')

/**
 * Reads the settings from `MEANWHILE_URL` and `MEANWHILE_API_KEY`, then from the file. A key in the file is not sent to
 * another server than its own.
 * @throws {CliError} if there is no key, or other users can read the file
 */
export async function readSettings(): Promise<Settings> {
  const { MEANWHILE_URL: url, MEANWHILE_API_KEY: apiKey } = process.env
  if (apiKey) return { url: url ?? DEFAULT_URL, apiKey }
  const saved = await readSavedSettings()
  if (!saved || (url && new URL(url).origin !== new URL(saved.url).origin))
    throw new CliError(
      `There is no API key for ${url ?? 'a server'}. Run: meanwhile login`,
      EXIT.unauthorized,
    )
  return { url: url ?? saved.url, apiKey: saved.apiKey }
}

async function readSavedSettings() {
  const file = settingsFile()
  const info = await stat(file).catch(() => null)
  if (!info) return null
  if (info.mode & 0o077)
    throw new CliError(`Other users can read ${file}. Run: chmod 600 ${file}`, EXIT.unauthorized)
  const saved = JSON.parse(await readFile(file, 'utf8')) as Partial<Settings>
  return saved.url && saved.apiKey ? { url: saved.url, apiKey: saved.apiKey } : null
}

/** Writes the settings so that only the user can read them, at every moment. Returns the file. */
export async function saveSettings(settings: Settings) {
  const file = settingsFile()
  await writePrivateFile(file, `${JSON.stringify(settings, null, 2)}\n`)
  return file
}

/** Replaces a file at once, with mode 0600. */
export async function writePrivateFile(file: string, content: string) {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 })
  const draft = `${file}.${process.pid}`
  const handle = await open(draft, 'w', 0o600)
  await handle.writeFile(content)
  await handle.close()
  await chmod(draft, 0o600)
  await rename(draft, file)
}
