import { OneTimeSecret } from '@/app/ui/one-time-secret'

/** The signing secret of a webhook, right after it was created. */
export const SigningSecret = ({ secret }: { secret: string }) => (
  <OneTimeSecret name="the signing secret" secret={secret}>
    <p className="text-sm text-muted-foreground">
      Use it to verify the <code className="font-mono">webhook-signature</code> header with a{' '}
      <a href="https://www.standardwebhooks.com" className="underline">
        Standard Webhooks
      </a>{' '}
      library.
    </p>
  </OneTimeSecret>
)
