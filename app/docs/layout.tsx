export { OptionalAppFrame as default } from '@/app/shell/app-frame'
