'use client'

import { type FormEvent, useState } from 'react'
import { DialogActions } from '@/app/ui/dialog-actions'
import { CopyAsCurl } from '@/app/ui/copy-as-curl'
import { Field } from '@/app/ui/field'
import { Input } from '@/app/ui/input'
import { Modal } from '@/app/ui/modal'
import { importRequest, useImport } from './use-import'

const NO_CREDENTIALS = { accessKeyId: '', secretAccessKey: '', region: '', endpoint: '' }

/** Imports a video from a link. An S3 link needs an access key. */
export function ImportDialog({ initialUrl, onClose }: { initialUrl: string; onClose(): void }) {
  const [url, setUrl] = useState(initialUrl)
  const [s3, setS3] = useState(NO_CREDENTIALS)
  const { importLink, isSending } = useImport()
  const isS3 = /^\s*s3:/i.test(url)
  const filled = Object.fromEntries(Object.entries(s3).filter(([, value]) => value !== ''))
  const input = { url: url.trim(), ...(isS3 && { s3: filled }) }
  async function submit(event: FormEvent) {
    event.preventDefault()
    if (await importLink(input)) onClose()
  }
  const s3Field = (
    name: keyof typeof s3,
    label: string,
    more: { hint?: string; isSecret?: boolean } = {},
  ) => (
    <Field id={`import-${name}`} label={label} hint={more.hint}>
      <Input
        id={`import-${name}`}
        type={more.isSecret ? 'password' : 'text'}
        autoComplete="off"
        required={name === 'accessKeyId' || name === 'secretAccessKey'}
        value={s3[name]}
        onChange={(event) => setS3({ ...s3, [name]: event.target.value })}
      />
    </Field>
  )
  return (
    <Modal
      isOpen
      onOpenChange={onClose}
      title="Import from a link"
      description="The server downloads the file in the background. You can close this tab."
    >
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <Field id="import-url" label="Link" hint="To the file itself: https://…, http://… or s3://bucket/key">
          <Input
            id="import-url"
            type="url"
            required
            maxLength={4000}
            placeholder="https://example.com/film.mp4"
            value={url}
            onChange={(event) => setUrl(event.target.value)}
          />
        </Field>
        {isS3 && (
          <fieldset className="flex flex-col gap-4">
            <legend className="mb-3 text-sm text-muted-foreground">
              The access key is stored encrypted and removed when the import ends.
            </legend>
            {s3Field('accessKeyId', 'Access key ID')}
            {s3Field('secretAccessKey', 'Secret access key', { isSecret: true })}
            {s3Field('region', 'Region', { hint: 'us-east-1 unless given' })}
            {s3Field('endpoint', 'Endpoint', { hint: 'URL of the S3 service. AWS unless given' })}
          </fieldset>
        )}
        <DialogActions confirmLabel="Import" isDisabled={isSending} onCancel={onClose}>
          <CopyAsCurl size="icon" actions={[{ label: 'Import', request: importRequest(input) }]} />
        </DialogActions>
      </form>
    </Modal>
  )
}
