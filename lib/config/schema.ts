// Longer than 200 lines: every setting is described here, and docs/configuration.md is generated from it.

import { cpus } from 'node:os'
import path from 'node:path'
import ipaddr from 'ipaddr.js'
import { z } from 'zod'
import { PRIVATE_RANGES } from '../http/private-ranges'
import { isIpNetwork } from '../http/ip-networks'
import { errorMessage } from '../errors'
import { parsePairs } from './name-lists'
import { queueOverridesSchema } from './queue-options'
import { parseRemoteImages } from './remote-images'

const GiB = 1024 ** 3
/** A URL without a slash at its end. */
const serviceUrl = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ''))
const EMBED_ORIGIN = /^https?:\/\/(\*\.)?[a-z\d.-]+(:(\d{1,5}|\*))?$/i
const byteCount = z.coerce.number().int().positive()
const positiveInteger = z.coerce.number().int().positive()

/**
 * Every environment variable of the app, with its meaning, unit and default. Released names never change. Run
 * `npm run docs:config` after a change.
 */
export const configSchema = z.object({
  PORT: z.coerce.number().int().min(1).max(65_535).default(3000).describe('Port the web process listens on.'),
  HOST: z.string().default('127.0.0.1').describe('Address the web process listens on.'),
  DATA_DIR: z
    .string()
    .default('./data')
    .transform((dir) => path.resolve(dir))
    .describe(
      'Folder for everything the app stores: embedded database, media, uploads in progress, machines, secrets.',
    ),
  DATABASE_URL: z
    .url()
    .optional()
    .describe('URL of a Postgres server. Unset: an embedded Postgres below DATA_DIR.'),
  DATABASE_MIGRATION_URL: z
    .url()
    .optional()
    .describe(
      'URL of the same database for the owner of its tables, which migrations and restores use; the user of DATABASE_URL then may only read and write rows. Unset: DATABASE_URL.',
    ),
  DATABASE_CONNECTIONS: positiveInteger
    .min(2)
    .default(20)
    .describe(
      'Connections of one web or worker process to Postgres, beside 15 of its queue, threads and live updates.',
    ),
  PUBLIC_URL: z
    .url()
    .optional()
    .describe('Public URL of the app, used in links and origin checks. Unset: http://HOST:PORT.'),
  AUTH_SECRET: z
    .string()
    .min(32)
    .optional()
    .describe(
      'Secret that signs sessions and tokens, at least 32 characters. Unset: generated once below DATA_DIR.',
    ),
  SIGN_UP: z
    .enum(['open', 'closed'])
    .default('closed')
    .describe('Whether visitors may create accounts once the administrator exists.'),
  REQUIRE_TWO_FACTOR: z
    .enum(['none', 'admins', 'all'])
    .default('none')
    .describe(
      'Who must use two-factor authentication: no user, administrators, or all users. Users who sign in only with single sign-on are exempt.',
    ),
  OIDC_ISSUER: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Issuer URL of an OpenID Connect provider to sign in with. Needs OIDC_CLIENT_ID.'),
  OIDC_CLIENT_ID: z.string().optional().describe('Client of this app at the OpenID Connect provider.'),
  OIDC_CLIENT_SECRET: z.string().optional().describe('Secret of that client.'),
  OIDC_NAME: z
    .string()
    .max(50)
    .default('single sign-on')
    .describe('Name of the provider on the sign-in page: “Continue with NAME”.'),
  OIDC_SCOPES: z
    .string()
    .default('openid email profile')
    .transform((list) => list.split(/[\s,]+/).filter(Boolean))
    .describe('Scopes requested from the provider. It must state a verified email address.'),
  OIDC_SIGN_UP: z
    .enum(['open', 'closed'])
    .optional()
    .describe('Whether signing in with the provider creates accounts. Unset: as SIGN_UP.'),
  OIDC_ADMIN_GROUP: z
    .string()
    .optional()
    .describe(
      'Group in the claim groups whose members are administrators, as of every such sign-in. Unset: roles are set here.',
    ),
  TRUSTED_PROXIES: z
    .string()
    .default('127.0.0.0/8 ::1')
    .transform((list) => list.split(/[\s,]+/).filter((entry) => entry && entry !== 'none'))
    .refine((list) => list.every(isIpNetwork), 'is not a list of addresses and networks such as 10.0.0.0/8')
    .describe(
      'Addresses and networks of reverse proxies whose X-Forwarded-For is trusted, or none. They must append to it.',
    ),
  CONNECTIONS_PER_ADDRESS: positiveInteger
    .default(500)
    .describe(
      'Concurrent connections from one client address, or concurrent requests behind a trusted proxy.',
    ),
  SHARE_EMBED_ORIGINS: z
    .string()
    .default('none')
    .transform((list) => list.split(/[\s,]+/).filter((origin) => origin && origin !== 'none'))
    .refine(
      (list) => list.every((origin) => origin === '*' || EMBED_ORIGIN.test(origin)),
      'is not a list of origins such as https://example.com or https://*.example.com',
    )
    .describe(
      'Origins of sites that may embed shared videos, such as https://example.com or https://*.example.com; * for all, or none.',
    ),
  LOG_LEVEL: z
    .enum(['trace', 'debug', 'info', 'warn', 'error'])
    .default('info')
    .describe('Lowest level that is logged.'),
  WEBHOOK_ALLOW_PRIVATE: z
    .string()
    .default('')
    .transform((list) => list.split(/[\s,]+/).filter(Boolean))
    .refine((list) => list.every(ipaddr.isValidCIDR), 'is not a list of networks such as 10.0.0.0/8')
    .describe(
      "Networks that webhooks may be sent to although they are private or this server's own, such as 10.0.0.0/8 or fd00::/8.",
    ),
  IMPORT_ALLOW_PRIVATE: z
    .string()
    .default('')
    .transform((list) => list.split(/[\s,]+/).filter(Boolean))
    .refine((list) => list.every(ipaddr.isValidCIDR), 'is not a list of networks such as 10.0.0.0/8')
    .describe(
      "Networks that links may be imported from although they are private or this server's own, such as 10.0.0.0/8 or fd00::/8.",
    ),
  PUSH_SERVICES: z
    .string()
    .default('fcm.googleapis.com *.push.services.mozilla.com *.push.apple.com *.notify.windows.com')
    .transform((list) => list.split(/[\s,]+/).filter((host) => host && host !== 'none'))
    .describe(
      'Hosts of the push services that browser notifications may be sent to, or none. *.example.com stands for all names below example.com.',
    ),
  PUSH_ALLOW_PRIVATE: z
    .string()
    .default('')
    .transform((list) => list.split(/[\s,]+/).filter(Boolean))
    .refine((list) => list.every(ipaddr.isValidCIDR), 'is not a list of networks such as 10.0.0.0/8')
    .describe(
      "Networks of such push services that may be used although they are private or this server's own, such as 10.0.0.0/8 or fd00::/8.",
    ),
  WATCH_DIR: z
    .string()
    .transform((dir) => path.resolve(dir))
    .optional()
    .describe(
      'Folder whose files are imported as videos of WATCH_OWNER once they no longer change. They stay in it. On several computers, it must be the same for all workers that have it.',
    ),
  WATCH_OWNER: z.email().optional().describe('Email address of the user who owns these videos.'),
  STORAGE: z
    .enum(['local', 's3'])
    .default('local')
    .describe(
      'Where uploads and finished files are stored: below DATA_DIR, or in a bucket of an S3-compatible service, which any number of computers share.',
    ),
  S3_ENDPOINT: serviceUrl
    .optional()
    .describe('URL of the S3 service. Unset: AWS. Credentials come from AWS_ACCESS_KEY_ID and the like.'),
  S3_BUCKET: z
    .string()
    .regex(/^[\w.-]{3,255}$/, 'is not the name of a bucket')
    .optional()
    .describe('Bucket that files are stored in. It must exist.'),
  S3_REGION: z.string().default('us-east-1').describe('Region of the bucket.'),
  S3_PATH_STYLE: z
    .enum(['on', 'off'])
    .default('off')
    .describe('on for services that expect the bucket in the path of URLs, not in the host name.'),
  S3_PREFIX: z
    .string()
    .default('')
    .transform((prefix) => prefix.replaceAll(/^\/+|\/+$/g, ''))
    .refine(
      (prefix) => /^([\w!.*'()-]+(\/|$))*$/.test(prefix) && !/(^|\/)\.\.?(\/|$)/.test(prefix),
      'is not a path such as meanwhile/media',
    )
    .describe('Beginning of all keys in the bucket, if it holds other things too.'),
  S3_SERVER_SIDE_ENCRYPTION: z
    .enum(['AES256', 'aws:kms'])
    .optional()
    .describe('Encryption requested from the service. Unset: the default of the bucket.'),
  S3_KMS_KEY_ID: z.string().optional().describe('Key for aws:kms. Unset: the default key of the service.'),
  S3_DELIVERY: z
    .enum(['proxy', 'redirect'])
    .default('proxy')
    .describe(
      'How browsers get files: through the web process, or redirected to URLs of the S3 service that are valid for minutes.',
    ),
  S3_PUBLIC_ENDPOINT: serviceUrl
    .optional()
    .describe('URL at which browsers reach the S3 service, for S3_DELIVERY=redirect. Unset: S3_ENDPOINT.'),
  STORAGE_CACHE_BYTES: byteCount
    .default(50 * GiB)
    .describe(
      'Local copies of stored files that the workers of one computer keep with STORAGE=s3, in bytes. A larger file is copied alone.',
    ),
  STORAGE_CACHE_MINUTES: z.coerce
    .number()
    .int()
    .nonnegative()
    .default(30)
    .describe('Minutes without use after which such a copy is removed.'),
  UPLOAD_MAX_BYTES: byteCount.default(50 * GiB).describe('Largest upload, in bytes.'),
  UPLOAD_EXPIRES_HOURS: positiveInteger
    .default(48)
    .describe('Hours without progress after which an upload is deleted.'),
  UPLOAD_MAX_OPEN: positiveInteger.default(100).describe('Unfinished uploads per user.'),
  STORAGE_QUOTA_BYTES: byteCount
    .default(200 * GiB)
    .describe(
      'Storage per user, in bytes: uploads, renditions, images, downloads, and captions with their history.',
    ),
  DISK_RESERVE_BYTES: z.coerce
    .number()
    .int()
    .nonnegative()
    .default(GiB)
    .describe('Disk space that uploads and local copies of stored files leave free, in bytes.'),
  TRANSCODE_CONCURRENCY: positiveInteger
    .default(1)
    .describe(
      'Chunks of videos that one worker transcodes concurrently, beside as many first chunks. A single one uses up to about eight cores.',
    ),
  VIDEO_ENCODER: z
    .enum(['software', 'auto', 'vaapi', 'nvenc', 'qsv'])
    .default('software')
    .describe(
      'What encodes H.264: software (x264), or the hardware of this computer. auto uses the first that passes a test. Hardware is used only while all workers that transcode offer the same; otherwise software.',
    ),
  EXTRA_CODECS: z
    .string()
    .default('')
    .transform((list) => [...new Set(list.split(/[\s,]+/).filter(Boolean))])
    .pipe(z.array(z.enum(['av1', 'hevc'])))
    .describe(
      'Codecs in which a video is encoded again once it is ready, for space and bandwidth: av1, hevc, or both. It takes much CPU time, at the lowest priority. Empty: none.',
    ),
  MEDIA_SANDBOX: z
    .enum(['on', 'off'])
    .default('on')
    .describe(
      'off processes uploaded files without bubblewrap, for systems where it cannot run. A warning is shown.',
    ),
  MEDIA_THREADS: positiveInteger
    .default(Math.max(1, cpus().length))
    .describe('Threads of one ffmpeg process.'),
  MEDIA_MEMORY_BYTES: byteCount.default(6 * GiB).describe('Address space of one ffmpeg process, in bytes.'),
  MACHINE_DRIVER: z
    .enum(['qemu', 'incus', 'ec2', 'fake'])
    .default('qemu')
    .describe(
      'What runs machines: qemu on this host, incus in the cluster at INCUS_URL, ec2 as instances of Amazon EC2. fake simulates them, for tests.',
    ),
  INCUS_URL: z
    .string()
    .regex(/^(https:\/\/|unix:)\S+$/, 'is neither https://… nor unix:/…')
    .optional()
    .describe(
      'API of an Incus or LXD cluster: https://HOST:8443, or unix:/var/lib/incus/unix.socket. For MACHINE_DRIVER=incus.',
    ),
  INCUS_TOKEN: z
    .string()
    .optional()
    .describe(
      'Token of `incus config trust add`, with which the cluster comes to trust the certificate of this host. Needed once.',
    ),
  INCUS_PROJECT: z.string().min(1).default('default').describe('Project of the cluster with the machines.'),
  INCUS_PROFILE: z
    .string()
    .min(1)
    .default('default')
    .describe(
      'Profile of all machines. Its root disk gets the size of the machine, and its network cards are removed.',
    ),
  INCUS_POOL: z.string().optional().describe('Storage pool of the disks. Unset: that of the profile.'),
  INCUS_NETWORK: z
    .string()
    .optional()
    .describe(
      'Network of machines with internet access. Its ACLs have to reject private networks and the addresses of the cluster. Unset: no machine has any.',
    ),
  INCUS_TARGET: z
    .string()
    .optional()
    .describe(
      'Member, or @group of members, of the cluster that runs the machines. Unset: the cluster decides.',
    ),
  INCUS_IMAGES: z
    .string()
    .default('')
    .transform((list, context) => {
      try {
        return parseRemoteImages(list)
      } catch (error) {
        context.addIssue({ code: 'custom', message: errorMessage(error) })
        return z.NEVER
      }
    })
    .describe(
      'Images that the cluster downloads when they are needed: NAME=SOURCE, separated by commas. A source is images:ALIAS, https://HOST#ALIAS or incus+https://HOST#ALIAS; see docs/machine-images.md.',
    ),
  EC2_REGION: z.string().optional().describe('AWS region of the machines. For MACHINE_DRIVER=ec2.'),
  EC2_ENDPOINT: serviceUrl.optional().describe('URL of a service with the API of EC2. Unset: AWS.'),
  EC2_IMAGES: z
    .string()
    .regex(/^[\w.-]+=ami-\w+(,[\w.-]+=ami-\w+)*$/, 'is not NAME=ami-ID,NAME=ami-ID,…')
    .transform(parsePairs)
    .optional()
    .describe('Images by their names for users: NAME=AMI, separated by commas. Include one named tiny.'),
  EC2_INSTANCE_TYPES: z
    .string()
    .regex(/^[\w.-]+(=\d+(\.\d+)?)?(,[\w.-]+(=\d+(\.\d+)?)?)*$/, 'is not TYPE=PRICE,TYPE=PRICE,…')
    .default('t3.nano,t3.micro,t3.small,t3.medium,t3.xlarge')
    .transform(parsePairs)
    .describe(
      'Instance types, the cheapest first, each with its price per hour in US dollars: t3.nano=0.0052,t3.micro=0.0104. A machine gets the first that is large enough; its page shows the price.',
    ),
  EC2_ISOLATED_GROUP: z
    .string()
    .optional()
    .describe(
      'Security group of machines without network. It must have no rules, neither inbound nor outbound.',
    ),
  EC2_OUTBOUND_GROUP: z
    .string()
    .optional()
    .describe('Security group of machines with internet access. Unset: no machine has any.'),
  EC2_SUBNET: z
    .string()
    .optional()
    .describe('Subnet of the machines. Unset: the default one of the account.'),
  EC2_LAUNCH_TEMPLATE: z
    .string()
    .regex(/^lt-\w+(:[\w$]+)?$/, 'is not lt-ID or lt-ID:VERSION')
    .optional()
    .describe('Launch template with further settings, such as the type of disks: lt-ID or lt-ID:VERSION.'),
  EC2_MARKET: z
    .enum(['on-demand', 'spot'])
    .default('on-demand')
    .describe(
      'spot: cheaper instances, which EC2 may stop at any time and starts again when it has capacity.',
    ),
  EC2_SERIAL_CONSOLE_KEYS: z
    .string()
    .regex(/^SHA256:[\w+/]{43}(,SHA256:[\w+/]{43})*$/, 'is not SHA256:FINGERPRINT,SHA256:FINGERPRINT,…')
    .transform((list) => list.split(','))
    .optional()
    .describe(
      'Fingerprints of the host keys of the EC2 serial console, as AWS publishes them for the region. Unset: consoles of machines show output only.',
    ),
  EC2_SERIAL_CONSOLE_HOST: z
    .string()
    .regex(/^[\w.-]+(:\d{1,5})?$/, 'is not HOST or HOST:PORT')
    .optional()
    .describe('Endpoint of the EC2 serial console: HOST or HOST:PORT. Unset: that of AWS in the region.'),
  MACHINE_QUOTA_COUNT: positiveInteger.default(20).describe('Machines per user.'),
  MACHINE_QUOTA_CPUS: positiveInteger.default(32).describe('CPUs of all machines of a user together.'),
  MACHINE_QUOTA_MEMORY_MIB: positiveInteger
    .default(16_384)
    .describe('Memory of all machines of a user together, in MiB.'),
  MACHINE_QUOTA_DISK_MIB: positiveInteger
    .default(204_800)
    .describe('Disk of all machines and snapshots of a user together, in MiB.'),
  MEDIA_MAX_HOURS: positiveInteger.default(12).describe('Time limit of one ffmpeg process, in hours.'),
  MACHINES: z
    .enum(['on', 'off'])
    .default('on')
    .describe('off disables virtual machines; QEMU is then not required.'),
  MACHINE_SANDBOX: z
    .enum(['on', 'off'])
    .default('on')
    .describe('off runs QEMU without bubblewrap, for systems where it cannot run. A warning is shown.'),
  MACHINE_DEBIAN_SOURCE: z
    .enum(['auto', 'download', 'build'])
    .default('auto')
    .describe(
      'Source of the image debian: download, build from packages of the host’s mirrors, or auto for the first that works.',
    ),
  MACHINE_DEBIAN_IMAGE_URL: z
    .url({ protocol: /^https?$/ })
    .default('https://cloud.debian.org/images/cloud/bookworm/latest/debian-12-genericcloud-amd64.qcow2')
    .describe('URL of the Debian image to download. SHA512SUMS must be next to it.'),
  MACHINE_PORT_RANGE: z
    .string()
    .default('20000-29999')
    .transform((range) => {
      const [, first, last] = /^(\d{1,5})-(\d{1,5})$/.exec(range) ?? []
      return { first: Number(first), last: Number(last) }
    })
    .refine(
      ({ first, last }) => first >= 1_024 && first <= last && last <= 65_535,
      'is not a range of ports from 1024 to 65535 such as 20000-29999',
    )
    .describe(
      'Ports of the host’s loopback that machines may be forwarded from. Ports of the app itself are never forwarded.',
    ),
  MACHINE_PAGES_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(
      'URL with a host name of its own, at which this server shows pages of machines: https://machines.example.com. Unset: PUBLIC_URL.',
    ),
  MACHINE_ANSWER_SECONDS: positiveInteger
    .default(120)
    .describe('Time limit from the start of a machine until its agent responds, in seconds.'),
  WORKER_QUEUES: z
    .string()
    .default('')
    .transform((list) => list.split(/[\s,]+/).filter(Boolean))
    .describe(
      'What a worker takes, by domain (video, captions, machines, email, webhook, account) or kind: video,email. A leading - excludes: -machines. Empty: everything.',
    ),
  QUEUE_OPTIONS: queueOverridesSchema
    .prefault('{}')
    .describe('Queue options by task kind, as JSON: {"video.transcode":{"concurrency":2}}.'),
  TRASH_DAYS: positiveInteger
    .default(7)
    .describe('Days for which deleted videos can be restored before they are destroyed.'),
  LOG_RETENTION_DAYS: positiveInteger.default(30).describe('Days after which task logs are pruned.'),
  TASK_RETENTION_DAYS: positiveInteger
    .default(180)
    .describe('Days after which finished tasks are pruned, unless a video or machine still shows them.'),
  EXPORT_EXPIRES_DAYS: positiveInteger
    .default(3)
    .describe(
      'Days after which the archive of a data export, or an encrypted archive of videos, is deleted.',
    ),
  AUDIT_RETENTION_DAYS: z.coerce
    .number()
    .int()
    .min(30)
    .default(365)
    .describe('Days after which entries of the audit log are pruned, at least 30.'),
  METRICS_TOKEN: z
    .string()
    .min(16)
    .optional()
    .describe('Bearer token for /api/metrics, in addition to API keys of administrators.'),
  SMTP_URL: z
    .url({ protocol: /^smtps?$/ })
    .optional()
    .describe(
      'Mail server: smtp://user:password@host:587 (STARTTLS, required if credentials leave this computer) or smtps://…:465. Unset: mails are stored and shown to administrators.',
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
    .describe('Mails per second, across all workers.'),
  MAIL_CONNECTIONS: positiveInteger.default(4).describe('Connections of one worker to the mail server.'),
  MAIL_RETRY_SECONDS: z.coerce
    .number()
    .positive()
    .default(60)
    .describe(
      'Delay before a deferred mail is retried, in seconds. It doubles up to an hour, for three days.',
    ),
  MAIL_AMBIGUOUS: z
    .enum(['ask', 'resend'])
    .default('ask')
    .describe(
      'What happens to a mail whose delivery is unknown because its sender died: ask an administrator, or resend.',
    ),
  MACHINE_CLOSED_NETWORKS: z
    .string()
    .default(PRIVATE_RANGES.join(' '))
    .transform((list) => list.split(/[\s,]+/).filter((range) => range && range !== 'none'))
    .pipe(z.array(z.cidrv4()))
    .describe(
      'IPv4 ranges that machines with internet access cannot reach, or none. The host itself is always blocked.',
    ),
  MACHINE_HOST_LISTEN: z
    .string()
    .regex(/^[^\s/]+?(:\d{1,5})?$/, 'is not an address or address:port')
    .default('127.0.0.1')
    .describe(
      'Address, or address:port, where a worker serves consoles and ports of its machines to web processes.',
    ),
  MACHINE_HOST_URL: z
    .url()
    .optional()
    .describe(
      'URL at which web processes on other computers reach MACHINE_HOST_LISTEN. Unset: derived from it. All need the same AUTH_SECRET.',
    ),
  CAPTIONS: z
    .enum(['auto', 'whisper', 'pocketsphinx', 'none'])
    .default('auto')
    .describe(
      'Speech recognition. auto uses SPEECH_MODEL; while it cannot be downloaded, captions are off. whisper reports that as an error. pocketsphinx gets about half of the words right, in English only.',
    ),
  CAPTION_CONCURRENCY: positiveInteger
    .default(1)
    .describe(
      'Parts of videos that one worker transcribes concurrently, beside the first part of a video, which waits for no others. Each needs the memory of a model.',
    ),
  CAPTION_THREADS: positiveInteger
    .default(Math.max(1, cpus().length))
    .describe(
      'Threads of one transcription, which recognizes two chunks at once with half of them each. The first part of a video uses CAPTION_CONCURRENCY times as many.',
    ),
  CAPTION_MEMORY_BYTES: byteCount.default(8 * GiB).describe('Memory of one transcription, in bytes.'),
  SPEECH_MODEL: z
    .enum([
      'auto',
      'tiny',
      'moonshine-tiny',
      'base',
      'small',
      'sense-voice',
      'medium',
      'large-v3-turbo',
      'large-v3',
      'parakeet-tdt-0.6b-v3',
    ])
    .default('auto')
    .describe(
      'Speech model: `npm run models -- list` describes them. auto chooses among those on the server by language, accuracy and measured speed, and downloads base if none of them fits.',
    ),
  MODEL_HUB: z
    .url()
    .default('https://huggingface.co')
    .describe('Server that speech models are downloaded from at first use.'),
  TRANSLATION_URL: z
    .url()
    .optional()
    .describe(
      'Service with the API of LibreTranslate that translates captions into other languages: http://127.0.0.1:5000. It receives their texts. Unset: no translations but those to English by Whisper.',
    ),
  TRANSLATION_API_KEY: z.string().optional().describe('Key of that service, if it needs one.'),
})
