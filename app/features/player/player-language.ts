import 'media-chrome/lang/de'
import { setLanguage } from 'media-chrome/utils/i18n'
import { getLocale } from '@/lib/i18n/locale'

// media-chrome has its own texts, and reads some of them while it is loaded: this module has to be imported before it.
// Each language other than English is imported above.
setLanguage(getLocale())
