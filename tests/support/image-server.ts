import { createHash, X509Certificate } from 'node:crypto'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { buildImage } from './lxd-server'

const run = promisify(execFile)
const PRODUCT = 'busybox:1:amd64:default'

/** A simplestreams server over HTTPS, as that of Incus, with the image of a container under the alias `busybox/1`. */
export async function startImageServer() {
  const dir = await mkdtemp(path.join(tmpdir(), 'meanwhile-images-'))
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
  const files = ['-keyout', path.join(dir, 'key'), '-out', path.join(dir, 'crt')]
  await run('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...names, ...files])
  await buildImage(dir, 'from a server')
  const [metadataPath, rootPath] = [path.join(dir, 'meta.tar.xz'), path.join(dir, 'root.tar.xz')]
  await run('tar', ['-C', path.join(dir, 'image'), '-cJf', metadataPath, 'metadata.yaml'])
  await run('tar', ['-C', path.join(dir, 'image', 'rootfs'), '-cJf', rootPath, '.'])
  const [metadata, root] = [await readFile(metadataPath), await readFile(rootPath)]
  const pages: Record<string, object> = {
    '/streams/v1/index.json': INDEX,
    '/streams/v1/images.json': describe(metadata, root),
  }
  let gate: { promise: Promise<void>; resolve: () => void } | undefined
  const state = {
    url: '',
    /** SHA-256 of its certificate. */
    certificate: '',
    fingerprint: sha256(metadata, root),
    /** Requests for the root file system. */
    downloads: 0,
    /** Sends only half of the root file system until `release`. */
    hold: () => void (gate = Promise.withResolvers<void>()),
    release() {
      gate?.resolve()
      gate = undefined
    },
    async stop() {
      state.release()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await rm(dir, { recursive: true, force: true })
    },
  }
  const options = { key: await readFile(path.join(dir, 'key')), cert: await readFile(path.join(dir, 'crt')) }
  const server = createServer(options, (request, response) => {
    const page = pages[request.url!]
    if (page) return void response.setHeader('content-type', 'application/json').end(JSON.stringify(page))
    if (request.url === '/metadata') return void response.end(metadata)
    if (request.url !== '/root') return void response.writeHead(404).end()
    state.downloads++
    response.setHeader('content-length', root.length)
    response.write(root.subarray(0, root.length / 2))
    void (gate?.promise ?? Promise.resolve()).then(() => response.end(root.subarray(root.length / 2)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  state.url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  state.certificate = sha256(new X509Certificate(options.cert).raw)
  return state
}

const INDEX = {
  format: 'index:1.0',
  index: {
    images: {
      datatype: 'image-downloads',
      path: 'streams/v1/images.json',
      format: 'products:1.0',
      products: [PRODUCT],
    },
  },
}

const describe = (metadata: Buffer, root: Buffer) => ({
  format: 'products:1.0',
  content_id: 'images',
  datatype: 'image-downloads',
  products: {
    [PRODUCT]: {
      aliases: 'busybox/1',
      arch: 'amd64',
      os: 'Busybox',
      release: '1',
      release_title: '1',
      variant: 'default',
      versions: {
        '20261130_00:00': {
          items: {
            'lxd.tar.xz': {
              ftype: 'lxd.tar.xz',
              path: 'metadata',
              size: metadata.length,
              sha256: sha256(metadata),
              combined_rootxz_sha256: sha256(metadata, root),
            },
            'root.tar.xz': { ftype: 'root.tar.xz', path: 'root', size: root.length, sha256: sha256(root) },
          },
        },
      },
    },
  },
})

const sha256 = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest('hex')
