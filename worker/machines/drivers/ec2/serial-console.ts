import { createHash } from 'node:crypto'
import {
  EC2InstanceConnectClient,
  EC2InstanceConnectServiceException,
  SendSerialConsoleSSHPublicKeyCommand,
} from '@aws-sdk/client-ec2-instance-connect'
import { Client, type ClientChannel, utils } from 'ssh2'
import { AppError, errorMessage } from '@/lib/errors'
import { toClientConfig } from './ec2-client'
import type { Ec2Settings } from './ec2-settings'
import * as messages from '@/lib/generated/messages/machine-driver-errors'

const READY_TIMEOUT_MS = 20_000
const KEEPALIVE_MS = 30_000
/** Limit on typed bytes that the guest has not read. */
const MAX_INPUT_BACKLOG_BYTES = 1024 ** 2

/** A session of the serial console. EC2 admits one for each instance, and ends it when the instance stops. */
export interface SerialSession {
  write(bytes: Buffer): void
  onData(listener: (bytes: Buffer) => void): void
  onClose(listener: () => void): void
  close(): void
}

/**
 * The serial console of EC2: a key that is valid for 60 s, with which the endpoint of the region admits one SSH connection.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/connect-to-serial-console.html
 */
export class SerialConsole {
  private readonly connect: EC2InstanceConnectClient

  constructor(
    settings: Ec2Settings,
    private readonly endpoint: NonNullable<Ec2Settings['serialConsole']>,
  ) {
    this.connect = new EC2InstanceConnectClient(toClientConfig(settings))
  }

  /** @throws {AppError} machine.serial_console_refused */
  async open(instanceId: string): Promise<SerialSession> {
    const client = new Client()
    try {
      const keys = utils.generateKeyPairSync('ed25519')
      await this.connect.send(
        new SendSerialConsoleSSHPublicKeyCommand({
          InstanceId: instanceId,
          SerialPort: 0,
          SSHPublicKey: keys.public,
        }),
      )
      return toSession(client, await this.openShell(client, { instanceId, privateKey: keys.private }))
    } catch (error) {
      client.destroy()
      throw serialConsoleRefused(error)
    }
  }

  private openShell(client: Client, { instanceId, privateKey }: { instanceId: string; privateKey: string }) {
    const { host, port, fingerprints } = this.endpoint
    return new Promise<ClientChannel>((resolve, reject) => {
      client.on('ready', () =>
        client.shell({ term: 'xterm-256color' }, (error, channel) =>
          error ? reject(error) : resolve(channel),
        ),
      )
      client.on('error', reject)
      client.on('close', () => reject(new Error('The connection was closed.')))
      client.connect({
        host,
        port,
        username: `${instanceId}.port0`,
        privateKey,
        hostVerifier: (key: Buffer) => fingerprints.includes(fingerprintOf(key)),
        readyTimeout: READY_TIMEOUT_MS,
        keepaliveInterval: KEEPALIVE_MS,
      })
    })
  }

  close() {
    this.connect.destroy()
  }
}

function toSession(client: Client, channel: ClientChannel): SerialSession {
  channel.on('close', () => client.end())
  channel.stderr.resume()
  return {
    write: (bytes) => {
      if (channel.writable && channel.writableLength <= MAX_INPUT_BACKLOG_BYTES) channel.write(bytes)
    },
    onData: (listener) => void channel.on('data', listener),
    onClose: (listener) => void client.on('close', listener),
    close: () => client.end(),
  }
}

/** As `ssh-keygen -l` prints it. */
export const fingerprintOf = (key: Buffer) =>
  `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`

/** AWS names its errors, and not all have a text. */
const describeCause = (cause: unknown) =>
  cause instanceof EC2InstanceConnectServiceException
    ? [cause.name, cause.message].filter((text) => text && text !== 'UnknownError').join(': ')
    : errorMessage(cause)

const serialConsoleRefused = (cause: unknown) =>
  new AppError({
    code: 'machine.serial_console_refused',
    message: messages.serialConsole({ reason: describeCause(cause).replace(/\.?$/, '.') }),
    status: 503,
    cause,
  })
