'use client'

import { type FormEvent, useState } from 'react'
import { DialogActions } from '@/app/ui/dialog-actions'
import { CopyAsCurl } from '@/app/ui/copy-as-curl'
import { Field } from '@/app/ui/field'
import { Input } from '@/app/ui/input'
import { Modal } from '@/app/ui/modal'
import * as messages from '@/lib/generated/messages/uploads'
import * as importsMessages from '@/lib/generated/messages/imports'
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
      title={messages.importLink()}
      description={importsMessages.importHint()}
    >
      <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <Field id="import-url" label={importsMessages.link()} hint={importsMessages.linkHint()}>
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
              {importsMessages.credentialsHint()}
            </legend>
            {s3Field('accessKeyId', importsMessages.accessKeyId())}
            {s3Field('secretAccessKey', importsMessages.secretAccessKey(), { isSecret: true })}
            {s3Field('region', importsMessages.region(), { hint: importsMessages.regionHint() })}
            {s3Field('endpoint', importsMessages.endpoint(), { hint: importsMessages.endpointHint() })}
          </fieldset>
        )}
        <DialogActions confirmLabel={importsMessages.import()} isDisabled={isSending} onCancel={onClose}>
          <CopyAsCurl
            size="icon"
            actions={[{ label: importsMessages.import(), request: importRequest(input) }]}
          />
        </DialogActions>
      </form>
    </Modal>
  )
}
