import { Button } from '@/app/ui/button'

interface Props {
  label: string
  isSubmitting: boolean
  problem: string | null
  /** A small button in its quiet variant, for a form that is not what the page is about. Default: false. */
  isQuiet?: boolean
}

/** The end of a form: why the last attempt failed, and the button. */
export const SubmitRow = ({ label, isSubmitting, problem, isQuiet = false }: Props) => (
  <>
    {problem && (
      <p role="alert" className="text-destructive">
        {problem}
      </p>
    )}
    <Button
      type="submit"
      variant={isQuiet ? 'outline' : 'default'}
      className={isQuiet ? 'self-start' : undefined}
      disabled={isSubmitting}
    >
      {label}
    </Button>
  </>
)
