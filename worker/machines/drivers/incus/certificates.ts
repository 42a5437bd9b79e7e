import { createHash, randomUUID, X509Certificate } from 'node:crypto'
import { readFile, rename, mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import tls from 'node:tls'
import { AppError } from '@/lib/errors'
import { runProgram } from '@/worker/process/run-program'
import { clusterUnavailable } from './incus-errors'
import * as messages from '@/lib/generated/messages/machine-driver-errors'

const TIMEOUT_MS = 20_000

/** Reads our client certificate, creating it on first use. @throws {AppError} machine.program_missing without openssl */
export async function loadClientCertificate(dir: string) {
  const files = { cert: path.join(dir, 'client.crt'), key: path.join(dir, 'client.key') }
  const read = async () => ({
    cert: await readFile(files.cert, 'utf8'),
    key: await readFile(files.key, 'utf8'),
  })
  const existing = await read().catch(() => undefined)
  if (existing) return existing
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const draft = path.join(dir, randomUUID())
  const options = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:secp384r1', '-nodes', '-days', '3650']
  const args = [
    'req',
    '-x509',
    ...options,
    '-subj',
    '/CN=meanwhile',
    '-keyout',
    `${draft}.key`,
    '-out',
    draft,
  ]
  try {
    await runProgram({ file: 'openssl', args, timeoutMs: TIMEOUT_MS })
    // The certificate last: without it, both are created again.
    await rename(`${draft}.key`, files.key)
    await rename(draft, files.cert)
  } finally {
    for (const file of [draft, `${draft}.key`]) await rm(file, { force: true })
  }
  return read()
}

/**
 * The pinned certificate of the cluster in PEM: stored earlier, or now, if it is the one that the join token names. Undefined
 * if there is neither: then it must be valid for the certificate authorities of this computer.
 * @throws {AppError} machine.cluster_impostor, machine.cluster_unavailable
 */
export async function loadServerCertificate(dir: string, { url, token }: { url: URL; token?: string }) {
  const file = path.join(dir, 'server.crt')
  const stored = await readFile(file, 'utf8').catch(() => undefined)
  if (stored || !token) return stored
  const { fingerprint } = parseToken(token)
  const presented = await readPeerCertificate(url)
  if (createHash('sha256').update(presented.raw).digest('hex') !== fingerprint) throw clusterImpostor(url)
  await writeFile(file, presented.toString(), { mode: 0o600 })
  return presented.toString()
}

/** A join token is JSON in base64. @throws {AppError} machine.cluster_token */
function parseToken(token: string) {
  try {
    return JSON.parse(Buffer.from(token, 'base64').toString()) as { fingerprint: string }
  } catch (error) {
    throw new AppError({
      code: 'machine.cluster_token',
      message: 'INCUS_TOKEN is not a join token.',
      cause: error,
    })
  }
}

export function readPeerCertificate({ hostname, port }: URL) {
  return new Promise<X509Certificate>((resolve, reject) => {
    // Not verified here, but compared with the fingerprint in the token before anything is sent.
    const socket = tls.connect(
      { host: hostname, port: Number(port || 8443), rejectUnauthorized: false },
      () => {
        resolve(new X509Certificate(socket.getPeerX509Certificate()!.raw))
        socket.destroy()
      },
    )
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('timeout')))
    socket.on('error', (error) => reject(clusterUnavailable(error)))
  })
}

const clusterImpostor = (url: URL) =>
  new AppError({
    code: 'machine.cluster_impostor',
    message: messages.clusterImpostor({ host: url.host }),
    status: 503,
  })
