import { Button } from '@/app/ui/button'
import { copyText } from '@/app/ui/copy-text'
import { Field } from '@/app/ui/field'
import { Input } from '@/app/ui/input'
import { RadioCards } from '@/app/ui/radio-cards'
import * as messages from '@/lib/generated/messages/archives'
import { generatePassphrase } from './generate-passphrase'

export interface Protection {
  kind: 'passphrase' | 'recipients'
  /** The passphrase, or public keys separated by white space. */
  text: string
}

interface Props {
  value: Protection
  onChange(value: Protection): void
}

/** What an archive is encrypted with. */
export function ProtectionFields({ value, onChange }: Props) {
  const { kind, text } = value
  const setText = (changed: string) => onChange({ kind, text: changed })
  return (
    <>
      <RadioCards
        legend={messages.encryptWith()}
        name="protection"
        value={kind}
        onChange={(chosen) => onChange({ kind: chosen, text: '' })}
        cards={[
          { value: 'passphrase', title: messages.passphrase(), description: messages.passphraseNeeded() },
          { value: 'recipients', title: messages.publicKeys(), description: messages.publicKeysOfAge() },
        ]}
      />
      {kind === 'passphrase' ? (
        <Field id="archive-passphrase" label={messages.passphrase()} hint={messages.passphraseHint()}>
          <Input
            id="archive-passphrase"
            required
            minLength={12}
            maxLength={200}
            autoComplete="off"
            spellCheck={false}
            className="font-mono"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <div className="flex gap-2">
            <Button type="button" size="sm" onClick={() => setText(generatePassphrase())}>
              {messages.generate()}
            </Button>
            <Button
              type="button"
              size="sm"
              disabled={!text}
              onClick={() => void copyText(text, 'passphrase')}
            >
              {messages.copy()}
            </Button>
          </div>
        </Field>
      ) : (
        <Field id="archive-recipients" label={messages.publicKeys()} hint={messages.publicKeysHint()}>
          <textarea
            id="archive-recipients"
            required
            rows={3}
            autoComplete="off"
            spellCheck={false}
            className="w-full rounded-md border bg-card px-3 py-2 font-mono text-sm max-sm:text-lg"
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </Field>
      )}
    </>
  )
}
